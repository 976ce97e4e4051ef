#pragma once
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

namespace parley {

// Memory for Lua's small objects, of which a match makes dozens: lists of free blocks by size, cut from slabs that are
// given back at the end only. (malloc and free were a third of a short match.) Larger blocks are malloc's. One thread.
class Blocks {
 public:
  // As realloc, told the size before: `after` 0 frees and returns nullptr; nullptr otherwise means there is no memory.
  void* change(void* block, size_t before, size_t after) {
    const size_t from = block ? place(before) : kLarge, to = after > 0 ? place(after) : kLarge;
    if (block && after > 0 && from == to) return from < kLarge ? block : std::realloc(block, after);
    void* fresh = nullptr;
    if (after > 0) {
      fresh = to < kLarge ? take(to) : std::malloc(after);
      if (!fresh) return nullptr;
      if (block) std::memcpy(fresh, block, before < after ? before : after);
    }
    if (block) give(block, from);
    return fresh;
  }

 private:
  static constexpr size_t kStep = 16, kLarge = 65, kSlab = size_t{1} << 16;  // sizes up to 1 KB
  struct Free {
    Free* next;
  };

  static size_t place(size_t size) {
    size_t at = (size + kStep - 1) / kStep;
    return at < kLarge ? at : kLarge;
  }
  void* take(size_t at) {
    if (Free* block = free_[at]) {
      free_[at] = block->next;
      return block;
    }
    const size_t size = at * kStep;
    if (left_ < size) {
      auto slab = std::unique_ptr<char[]>(new (std::nothrow) char[kSlab]);
      if (!slab) return nullptr;
      next_ = slab.get();
      left_ = kSlab;
      slabs_.push_back(std::move(slab));
    }
    void* block = next_;
    next_ += size;
    left_ -= size;
    return block;
  }
  void give(void* block, size_t at) {
    if (at >= kLarge) {
      std::free(block);
      return;
    }
    auto* free = static_cast<Free*>(block);
    free->next = free_[at];
    free_[at] = free;
  }

  Free* free_[kLarge] = {};
  std::vector<std::unique_ptr<char[]>> slabs_;
  char* next_ = nullptr;
  size_t left_ = 0;
};

}  // namespace parley
