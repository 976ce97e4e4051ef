#include "study/models.h"

namespace parley {

Model& ModelSet::open(const std::string& name) {
  auto found = models_.find(name);
  if (found == models_.end()) {
    add(name, open_model(name, options_));
    found = models_.find(name);
  }
  return *found->second;
}

void ModelSet::add(const std::string& name, std::unique_ptr<Model> model) {
  if (auto before = models_.find(name); before != models_.end()) by_identity_.erase(before->second->identity());
  by_identity_.insert_or_assign(model->identity(), model.get());
  models_.insert_or_assign(name, std::move(model));
}

Model* ModelSet::by_identity(const std::string& identity) {
  auto found = by_identity_.find(identity);
  return found == by_identity_.end() ? nullptr : found->second;
}

std::string ModelSet::build_of(const Model& model) {
  Value build = model.about()["build"];
  return build.is_string() ? build.string() : "";
}

}  // namespace parley
