// What people report and how they write it: sentences of our own in three registers (formal, hotline, chat); the fourth,
// folded, is a chat sentence without its diacritics.
//   {noi}  street and ward   {duong}  street   {phuong}  ward   {to}  number of the neighbourhood group   {so}  house number
//   {gio}  hour              {ten}, {dt}  made-up name and telephone number, which ingest must mask
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace ioc::simulator {

enum class Register : std::uint8_t { Formal, Hotline, Chat, Folded };

struct Topic {
  std::string_view name;      // of ours, for stories that need this one
  std::string_view category;  // as a sender who knows would choose
  int weight = 1;             // how often, by itself
  int crowd = 1;              // how many people report the same one, at most
  bool urgent = false;
  std::string_view title;
  std::span<const std::string_view> formal, hotline, chat;
};

std::span<const Topic> topics();
const Topic& topic(std::string_view name);

}  // namespace ioc::simulator
