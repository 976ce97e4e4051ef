#include "base/file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "base/error.h"

namespace parley {
namespace {
using File = std::unique_ptr<FILE, int (*)(FILE*)>;
Error failure(const char* verb, const std::string& path) {
  return Error(std::string("cannot ") + verb + " '" + path + "': " + std::strerror(errno));
}
}  // namespace

std::string read_file(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) {
    errno = EISDIR;
    throw failure("read", path);
  }
  File file(fopen(path.c_str(), "rb"), fclose);
  if (!file) throw failure("read", path);
  std::string text(static_cast<size_t>(info.st_size), '\0');
  text.resize(fread(text.data(), 1, text.size(), file.get()));
  char more[4096];
  while (size_t n = fread(more, 1, sizeof more, file.get())) text.append(more, n);
  if (ferror(file.get())) throw failure("read", path);
  return text;
}

void write_file(const std::string& path, std::string_view text) {
  std::string beside = path + ".part";
  FILE* file = fopen(beside.c_str(), "wb");
  if (!file) throw failure("write", path);
  bool whole = fwrite(text.data(), 1, text.size(), file) == text.size();
  whole = fclose(file) == 0 && whole;
  if (!whole || rename(beside.c_str(), path.c_str()) != 0) {
    Error error = failure("write", path);
    unlink(beside.c_str());
    throw error;
  }
}

bool file_exists(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

}  // namespace parley
