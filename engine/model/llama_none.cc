// Stands in for model/llama*.cc where parley is built without libllama (-DPARLEY_LLAMA=OFF).
#include "base/error.h"
#include "model/llama.h"

namespace parley {

std::unique_ptr<Model> open_llama(const std::string& path, const ModelOptions&) {
  throw Error("'" + path + "' cannot be opened: this parley was built without libllama (PARLEY_LLAMA=OFF)");
}

LlamaCounts llama_counts(const Model&) { return {}; }
std::vector<int32_t> llama_tokens(const Model&, const Request&) { throw Error("no local model"); }
std::string llama_build() { return "none"; }

}  // namespace parley
