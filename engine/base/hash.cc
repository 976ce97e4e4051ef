#include "base/hash.h"

#include <openssl/evp.h>

#include <cstdio>
#include <memory>
#include <vector>

#include "base/error.h"

namespace parley {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* c) const { EVP_MD_CTX_free(c); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

const EVP_MD* algorithm() {  // fetched once: a look-up per call costs more than a short hash
  static EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return md;
}

}  // namespace

Digest sha256(std::string_view bytes) {
  static thread_local Context context(EVP_MD_CTX_new());
  Digest out;
  unsigned size = 0;
  EVP_DigestInit_ex2(context.get(), algorithm(), nullptr);
  EVP_DigestUpdate(context.get(), bytes.data(), bytes.size());
  EVP_DigestFinal_ex(context.get(), out.data(), &size);
  return out;
}

std::string hex(const Digest& digest) {
  static const char* digits = "0123456789abcdef";
  std::string out;
  out.reserve(64);
  for (uint8_t byte : digest) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

Hash hash_of_file(const std::string& path) {
  std::unique_ptr<FILE, int (*)(FILE*)> file(fopen(path.c_str(), "rb"), fclose);
  if (!file) throw Error("cannot read '" + path + "'");
  Context context(EVP_MD_CTX_new());
  EVP_DigestInit_ex2(context.get(), algorithm(), nullptr);
  std::vector<char> piece(1 << 20);
  while (size_t n = fread(piece.data(), 1, piece.size(), file.get())) EVP_DigestUpdate(context.get(), piece.data(), n);
  if (ferror(file.get())) throw Error("cannot read '" + path + "'");
  Digest out;
  unsigned size = 0;
  EVP_DigestFinal_ex(context.get(), out.data(), &size);
  return hex(out);
}

}  // namespace parley
