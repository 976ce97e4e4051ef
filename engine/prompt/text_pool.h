#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace parley {

// Texts that many hold and that are kept once, for as long as one of them does. One thread; what it gave may outlive it.
class TextPool {
 public:
  std::shared_ptr<const std::string> of(std::string text) {
    if (auto at = known_->find(text); at != known_->end()) return at->second.lock();
    std::shared_ptr<const std::string> kept(new std::string(std::move(text)),
                                            [known = std::weak_ptr(known_)](const std::string* gone) {
                                              if (auto texts = known.lock()) texts->erase(*gone);
                                              delete gone;
                                            });
    known_->emplace(*kept, kept);
    return kept;
  }

 private:
  using Known = std::unordered_map<std::string_view, std::weak_ptr<const std::string>>;
  std::shared_ptr<Known> known_ = std::make_shared<Known>();
};

}  // namespace parley
