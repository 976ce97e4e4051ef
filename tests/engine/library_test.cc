#include "prompt/library.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"

namespace fs = std::filesystem;
using namespace parley;

namespace {

using Names = std::vector<std::string>;
using Texts = std::map<std::string, std::string>;

// A folder of files, gone at the end.
struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "parley_library_XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }
  std::string operator/(const std::string& name) const { return (path / name).string(); }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path / name).parent_path());
    write_file(*this / name, text);
  }
};

template <class F>
std::string error_of(F act) {
  try {
    act();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

std::string cut_error(const std::string& text) {
  return error_of([&] { PromptFile::cut("prompts/x.txt", text); });
}

}  // namespace

TEST_CASE("library: a file is cut by its headings") {
  PromptFile file = PromptFile::cut("prompts/x.txt",
                                    "{{! about }}\n\n"
                                    "== rules\nline\n\n"
                                    "== rules.row\n"
                                    "== talk.seen\n\n\n"
                                    "==rules\n=== x\n== \tlast \n"
                                    " end \n\n");
  CHECK(file.texts.size() == 4);
  CHECK(file.texts.at("rules") == "line\n");
  CHECK(file.texts.at("rules.row") == "");
  CHECK(file.texts.at("talk.seen") == "\n\n==rules\n=== x");
  CHECK(file.texts.at("last") == " end \n");
  CHECK(file.lines.at("rules") == 3);
  CHECK(file.lines.at("last") == 12);
  CHECK(PromptFile::cut("x", "== a\nb").texts.at("a") == "b");
  CHECK(PromptFile::cut("x", "== a\n").texts.at("a") == "");
  CHECK(PromptFile::cut("x", "== a").texts.at("a") == "");
  CHECK(PromptFile::cut("x", "").texts.empty());

  CHECK(file.find("rules", "row") == &file.sections.at("rules.row"));
  CHECK(file.find("rules", "column") == &file.sections.at("rules"));
  CHECK(file.find("rules") == &file.sections.at("rules"));
  CHECK(file.find("talk", "seen") == &file.sections.at("talk.seen"));
  CHECK(file.find("talk") == nullptr);
  CHECK(file.find("rules.row", "row") == &file.sections.at("rules.row"));
}

TEST_CASE("library: mistakes of a file name its line") {
  CHECK(cut_error("\n{{! a }}\nhello\n== a\n") == "prompts/x.txt:3: text before the first heading (a line '== name')");
  CHECK(cut_error("{{>a}}\n== a\n") == "prompts/x.txt:1: text before the first heading (a line '== name')");
  CHECK(cut_error("== a\nx\n== b\n== a\n") == "prompts/x.txt:4: section 'a' stands twice: also on line 1");
  CHECK(cut_error("== a b\n") == "prompts/x.txt:1: 'a b' is no name of a section");
  CHECK(cut_error("\n== \n") == "prompts/x.txt:2: '' is no name of a section");
  CHECK(cut_error("== a.\n") == "prompts/x.txt:1: 'a.' is no name of a section");
  CHECK(cut_error("== a\r\nx\r\n") == "prompts/x.txt:1: lines end in CR LF: save the file with plain newlines (LF)");
  CHECK(cut_error("== a\nx\n== b\n\n{{#c}}\n") == "prompts/x.txt:5: {{#c}} is not closed by {{/c}}");
  CHECK(cut_error("{{! a }}\n== a\n{{x") == "prompts/x.txt:3: '{{' is not closed by '}}'");
}

TEST_CASE("library: the first folder that has a file gives all of it") {
  Folder f;
  f.write("mine/matrix.txt", "== rules\nmine\n");
  f.write("mine/told/hints.txt", "== errs\nE\n");
  f.write("prompts/matrix.txt", "== rules\nours\n== action\nwhat?\n");
  f.write("prompts/trust.txt", "== a\n{{none}}\n");
  f.write("prompts/units.txt", "point points\n");
  f.write("prompts/repair.txt", "== cut\n");
  f.write("prompts/README.md", "no prompt");
  f.write("prompts/covers/plain.txt", "== thing\nOption\n");
  f.write("prompts/told/hints.txt", "== errs\ne\n== learns\nl\n");
  f.write("prompts/told/goals.txt", "== own\no\n");
  Library library({f / "mine", f / "nowhere", f / "prompts"});

  const PromptFile* matrix = library.file("matrix");
  REQUIRE(matrix);
  CHECK(matrix->path == f / "mine/matrix.txt");
  CHECK(matrix->texts.at("rules") == "mine");
  CHECK(matrix->find("action") == nullptr);
  f.write("mine/matrix.txt", "== rules\nedited\n");
  CHECK(library.file("matrix") == matrix);
  CHECK(library.file("none") == nullptr);
  CHECK(library.file("../prompts/trust") == nullptr);
  CHECK(library.file(f / "prompts/trust") == nullptr);
  CHECK(library.cover("plain")->texts.at("thing") == "Option");
  CHECK(library.cover("cooking") == nullptr);
  CHECK(&library.told("hints/errs") == library.file("told/hints")->find("errs"));
  CHECK(library.unit("points").one == "point");

  CHECK(library.files() == Names{"matrix", "repair", "trust"});
  CHECK(library.covers() == Names{"plain"});
  CHECK(library.told_names() == Names{"goals/own", "hints/errs"});

  // What was only looked at for its names was not used.
  CHECK(library.used() == Texts{{"matrix.txt", "== rules\nmine\n"},
                                {"told/hints.txt", "== errs\nE\n"},
                                {"covers/plain.txt", "== thing\nOption\n"},
                                {"units.txt", "point points\n"}});

  CHECK(error_of([&] { library.told("hints/ers"); }) ==
        "there is no 'hints/ers' in prompts/told (did you mean 'hints/errs'?); there are: goals/own, hints/errs");
  CHECK(error_of([&] { library.told("errs"); }) ==
        "there is no 'errs' in prompts/told; there are: goals/own, hints/errs");

  // What was used is enough to find the same again.
  Library again(library.used());
  CHECK(again.file("matrix")->texts == matrix->texts);
  CHECK(again.told_names() == Names{"hints/errs"});
  CHECK(again.used().size() == 1);
}

TEST_CASE("library: from texts") {
  Library library(Texts{{"a.txt", "== x\n"}, {"b.txt", "no"}, {"covers/plain.txt", ""}, {"covers/old/x.txt", ""}});
  CHECK(library.files() == Names{"a", "b"});
  CHECK(library.covers() == Names{"plain"});
  CHECK(library.told_names().empty());
  CHECK(library.file("a")->path == "prompts/a.txt");
  CHECK(error_of([&] { library.file("b"); }) == "prompts/b.txt:1: text before the first heading (a line '== name')");
  CHECK(error_of([&] { library.told("a/b"); }) == "there is no 'a/b' in prompts/told; there are none");
  Library moved = std::move(library);
  CHECK(moved.file("a")->path == "prompts/a.txt");
}

TEST_CASE("library: units") {
  Library library(Texts{{"units.txt", "point points\n\n vote  votes\nSFr. SFr.\n"}});
  CHECK(library.unit("point").many == "points");
  CHECK(library.unit("votes").one == "vote");
  CHECK(library.unit("SFr.").many == "SFr.");
  CHECK(
      error_of([&] { library.unit("token"); }) ==
      "the unit 'token' is not in prompts/units.txt: write both forms in the study: unit = { \"token\", \"tokens\" }");
  CHECK(error_of([&] { library.unit("pionts"); }) ==
        "the unit 'pionts' is not in prompts/units.txt (did you mean 'points'?): write both forms in the study: "
        "unit = { \"piont\", \"pionts\" }");
  CHECK(error_of([] {
          Library(Texts{{"units.txt", "a b\nvote\n"}}).unit("a");
        }) == "prompts/units.txt:2: a line is a unit's two forms: 'point points'");
  CHECK(error_of([] { Library(Texts{}).unit("s"); }) ==
        "the unit 's' is not in prompts/units.txt: write both forms in the study: unit = { \"s\", \"ss\" }");
}

TEST_CASE("library: what a cover lacks") {
  PromptFile file =
      PromptFile::cut("f",
                      "== rules\n{{>scene}} {{>own}} {{#x}}{{>thing}}{{/x}}\n== own\n{{>partner}}\n== part.row\n\n"
                      "== end\n{{>part}}{{>role}}\n");
  PromptFile plain =
      PromptFile::cut("c",
                      "== scene\n{{>place}}\n== place\nhere\n== partner\n\n== thing\n\n== role.row\n{{>deep}}\n"
                      "== unused\n{{>nothing}}\n== deep\n");
  PromptFile poor = PromptFile::cut("c", "== scene\n{{>place}}\n== things\n\n== thing-x\n\n== role\n");
  Library library(Texts{});
  CHECK(library.missing_phrases(file, plain).empty());
  CHECK(library.missing_phrases(file, poor) == Names{"partner", "place", "thing"});
}

TEST_CASE("library: the prompts that ship are sound") {
  Library library(Names{PARLEY_ROOT "/prompts"});
  for (const std::string& name : library.files()) CHECK_MESSAGE(library.file(name), name);
  for (const std::string& name : library.told_names()) library.told(name);
  const PromptFile* plain = library.cover("plain");
  REQUIRE(plain);
  for (const std::string& name : library.files()) {
    CHECK_MESSAGE(library.missing_phrases(*library.file(name), *plain).empty(), name);
  }
  for (const std::string& name : library.covers()) {
    CHECK_MESSAGE(library.missing_phrases(*library.file("matrix"), *library.cover(name)).empty(), name);
  }
  CHECK(library.unit("points").one == "point");
}
