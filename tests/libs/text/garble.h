// Texts as they look after the wrong road: the damage that recover_encoding() undoes, made by tables of its own.
#pragma once

#include <string>
#include <string_view>

namespace ioc::text::testing {

enum class Table { Latin1, Windows1252, Windows1258 };

// UTF-8 read through `table` and written as UTF-8 again.
std::string as_mojibake(std::string_view utf8, Table table);
// Every character beyond ASCII as an entity: by name where Latin-1 has it and `named`, else by number.
std::string as_entities(std::string_view utf8, bool named);
// As the font's text is stored. What the font has no place for (capitals with a tone in TCVN3) is written small.
std::string as_tcvn3(std::string_view utf8);
std::string as_vni(std::string_view utf8);

}  // namespace ioc::text::testing
