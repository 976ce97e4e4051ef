#pragma once
#include <map>
#include <memory>
#include <string>

#include "model/models.h"

namespace parley {

// The models of a process, each opened once, by the name they are written with. Requests carry their identity.
class ModelSet {
 public:
  explicit ModelSet(ModelOptions options = {}) : options_(options) {}

  // Error: no such model.
  Model& open(const std::string& name);
  // Adds one that is already open: for tests and programs that bring their own.
  void add(const std::string& name, std::unique_ptr<Model> model);
  // nullptr where none that was opened has this identity.
  Model* by_identity(const std::string& identity);
  // What is known of each that was opened, by identity.
  const std::map<std::string, Model*>& opened() const { return by_identity_; }
  // The build of a model, which pure replies are shared within; "" where it has none.
  static std::string build_of(const Model& model);

 private:
  ModelOptions options_;
  std::map<std::string, std::unique_ptr<Model>> models_;
  std::map<std::string, Model*> by_identity_;
};

}  // namespace parley
