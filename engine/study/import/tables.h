// Tables of choices, as an import keeps them.
#pragma once
#include <string>
#include <vector>

#include "base/csv.h"
#include "base/hash.h"
#include "study/import/mapping.h"

namespace parley {

// A table of which only what the mapping names is kept: its columns, before them each row's line in the file that was read, and
// people's names as hashes. So nothing else of a file about people gets into a store, and `verify` reads what import read.
struct SourceTable {
  std::string path;  // for messages: as it was said; of one out of a store as `name`, without the folder
  std::string name;  // in the store: "tables/game_1.csv"
  Hash original;     // of the file as it was; "" of one out of a store
  std::string text;  // CSV
};

// Reads the files of a command line, a folder standing for the .csv files in it, game_2 before game_10. `salt` goes into the hash of
// a name before the name does. Error with file and line: a column that there is not, what parse_csv() says.
std::vector<SourceTable> read_tables(const Mapping& mapping, const std::vector<std::string>& paths,
                                     const std::string& salt);

inline constexpr const char* kTablesFolder = "tables/";

}  // namespace parley
