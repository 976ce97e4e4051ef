#include "script/sources.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"

namespace fs = std::filesystem;
using namespace parley;

namespace {

// A folder of files, gone at the end.
struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "parley_sources_XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }
  std::string operator/(const std::string& name) const { return (path / name).string(); }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path / name).parent_path());
    write_file(*this / name, text);
  }
};

std::string error_of(Sources& sources, const SourceFile& owner, const std::string& path) {
  try {
    sources.data(owner, path);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("sources: the first root that has a name gives it, once") {
  Folder f;
  f.write("a/games/chicken.lua", "-- a");
  f.write("b/games/chicken.lua", "-- b");
  f.write("b/games/trust.lua", "-- trust");
  f.write("b/games/notes.txt", "");
  f.write("b/games/folder.lua/x", "");
  Sources sources({f / "a", f / "b", f / "none"});
  const SourceFile* chicken = sources.find("games", "chicken");
  REQUIRE(chicken);
  CHECK(chicken->name == "games/chicken.lua");
  CHECK(chicken->path == f / "a/games/chicken.lua");
  CHECK(chicken->text == "-- a");
  CHECK(chicken->hash == hash_of("-- a"));
  f.write("a/games/chicken.lua", "-- edited");
  CHECK(sources.find("games", "chicken") == chicken);
  CHECK(chicken->text == "-- a");
  CHECK(sources.find("games", "trust")->path == f / "b/games/trust.lua");
  CHECK(sources.find("games", "folder") == nullptr);
  CHECK(sources.find("games", "poker") == nullptr);
  CHECK(sources.find("strategies", "chicken") == nullptr);
  CHECK(sources.names("games") == std::vector<std::string>{"chicken", "trust"});
  CHECK(sources.names("strategies").empty());
  CHECK(sources.used().size() == 2);
}

TEST_CASE("sources: a name with a slash or suffix is a path") {
  Folder f;
  f.write("mine/poker.lua", "-- mine");
  f.write("games/poker.lua", "-- theirs");
  Sources sources({f.path.string()});
  const SourceFile* mine = sources.find("games", f / "mine/poker.lua");
  REQUIRE(mine);
  CHECK(mine->name == "games/poker.lua");
  CHECK(mine->text == "-- mine");
  CHECK(sources.find("games", f / "mine/poker") == mine);
  CHECK(sources.find("games", f / "mine/../mine/poker.lua") == mine);
  CHECK(sources.find("games", f / "mine/none.lua") == nullptr);
  CHECK_THROWS_WITH_AS(sources.find("games", "poker"),
                       ("'" + (f / "mine/poker.lua") + "' and '" + (f / "games/poker.lua") +
                        "' would both be 'games/poker.lua' in the store: rename one")
                           .c_str(),
                       Error);
}

TEST_CASE("sources: read gives files below the owner's folder, then the study's data") {
  Folder f;
  f.write("root/strategies/frozen.lua", "--");
  f.write("root/strategies/policies/toy.json", "{}");
  f.write("root/secret.txt", "secret");
  f.write("study/cards.csv", "a,b");
  f.write("study/policies/toy.json", "other");
  f.write("away/file.txt", "away");
  fs::create_symlink(f / "away/file.txt", f / "root/strategies/out.txt");
  fs::create_symlink(f / "away", f / "root/strategies/out");
  fs::create_symlink(f / "root/strategies/policies/toy.json", f / "root/strategies/in.json");
  Sources sources({f / "root"}, f / "study");
  const SourceFile& owner = *sources.find("strategies", "frozen");
  CHECK(sources.data(owner, "policies/toy.json").name == "strategies/policies/toy.json");
  CHECK(sources.data(owner, "./policies//toy.json").text == "{}");
  CHECK(sources.data(owner, "cards.csv").name == "data/cards.csv");
  CHECK(sources.data(owner, "in.json").text == "{}");
  CHECK(sources.used().size() == 4);
  const std::string takes = "read takes a path below the file's own folder or the study's data, not '";
  CHECK(error_of(sources, owner, "../secret.txt") == takes + "../secret.txt'");
  CHECK(error_of(sources, owner, "policies/../../secret.txt") == takes + "policies/../../secret.txt'");
  CHECK(error_of(sources, owner, f / "root/secret.txt") == takes + (f / "root/secret.txt") + "'");
  CHECK(error_of(sources, owner, "") == takes + "'");
  const std::string folder = f / "root/strategies";
  CHECK(error_of(sources, owner, "out.txt") ==
        "'" + folder + "/out.txt' is a link that leaves '" + folder + "': read does not follow it");
  CHECK(error_of(sources, owner, "out/file.txt") ==
        "'" + folder + "/out/file.txt' is a link that leaves '" + folder + "': read does not follow it");
  CHECK(error_of(sources, owner, "none.csv") ==
        "there is no 'none.csv' in '" + folder + "' or '" + (f / "study") + "'");
}

TEST_CASE("sources: closed over the texts of a store") {
  Sources sources(std::map<std::string, std::string>{{"games/chicken.lua", "-- c"},
                                                     {"strategies/frozen.lua", "-- f"},
                                                     {"strategies/policies/toy.json", "{}"},
                                                     {"data/cards.csv", "a,b"}});
  CHECK(sources.find("games", "chicken")->text == "-- c");
  CHECK(sources.find("games", "some/where/chicken.lua")->text == "-- c");
  CHECK(sources.find("games", "poker") == nullptr);
  const SourceFile& owner = *sources.find("strategies", "frozen");
  CHECK(sources.data(owner, "policies/toy.json").text == "{}");
  CHECK(sources.data(owner, "cards.csv").name == "data/cards.csv");
  CHECK(error_of(sources, owner, "none.csv") == "there is no 'none.csv' in 'strategies' or 'data'");
  CHECK(sources.names("strategies") == std::vector<std::string>{"frozen"});
  CHECK(sources.used().size() == 4);
}
