// The shipped category model: made of the corpus, and measured on texts that share nothing with it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "libs/text/corpus.h"
#include "libs/text/corpus_noise.h"
#include "libs/text/fold.h"
#include "tests/services/ioc/executable.h"

using ioc::test::Ended, ioc::test::Folder;

namespace {

const std::string kRoot = IOC_REPOSITORY;

std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

ioc::text::Corpus corpus_in(const std::string& folder) {
  ioc::text::Corpus corpus;
  for (const auto& entry : std::filesystem::directory_iterator(kRoot + "/deploy/corpus/" + folder)) {
    if (entry.path().extension() != ".txt") continue;  // whole texts
    REQUIRE(corpus.add(entry.path().string(), content_of(entry.path())).has_value());
  }
  REQUIRE(corpus.check().has_value());
  return corpus;
}

// Every wording in every way to read it, and every sentence, without marks.
std::set<std::string> phrases(const ioc::text::Corpus& corpus) {
  std::set<std::string> all;
  for (const auto& [category, situations] : corpus.situations()) {
    for (const auto& situation : situations) {
      for (const std::string& wording : situation.wordings) {
        for (const std::string& one : ioc::text::expanded(wording, 100'000)) all.insert(ioc::text::fold(one));
      }
    }
  }
  return all;
}

}  // namespace

TEST_CASE("model: training on the corpus gives the shipped model, byte for byte") {
  const Folder folder;
  const Ended trained = ioc::test::run_ioc("model train " + kRoot + "/deploy/corpus/train --out " + folder.path() + "/model.txt");
  INFO(trained.out);
  REQUIRE(trained.code == 0);
  CHECK((content_of(folder.path() + "/model.txt") == content_of(kRoot + "/deploy/config/bundle/category_model.txt")));
}

TEST_CASE("model: no wording and no sentence of the test corpus is in the training corpus") {
  const auto train = corpus_in("train"), test = corpus_in("test");
  const std::set<std::string> known = phrases(train);
  REQUIRE(known.size() > 10'000);
  for (const std::string& phrase : phrases(test)) {
    INFO(phrase);
    CHECK_FALSE(known.contains(phrase));
  }
  std::set<std::string> sentences;
  for (const auto& [name, frames] : train.frames()) sentences.insert(frames.begin(), frames.end());
  for (const auto& [name, frames] : test.frames()) {
    for (const std::string& frame : frames) {
      INFO(frame);
      CHECK_FALSE(sentences.contains(frame));
    }
  }
}

TEST_CASE("model: on the test corpus every register is right in 90 of 100, and danger to life is flagged") {
  const Folder folder;
  const std::string csv = folder.path() + "/test.csv";
  REQUIRE(ioc::test::run_ioc("model corpus " + kRoot + "/deploy/corpus/test --per-category 100 --seed 7 --out " + csv).code == 0);
  const std::string bundle = " --bundle " + kRoot + "/deploy/config/bundle --units " + kRoot + "/deploy/config/units";
  const Ended ended = ioc::test::run_ioc("evaluate categories " + csv + bundle + " --decisions " + folder.path() + "/decisions.csv");
  REQUIRE(ended.code == 0);
  for (const char* name : {"\nformal ", "\nhotline ", "\nchat ", "\nfolded "}) {
    const std::size_t at = ended.out.find(name);
    REQUIRE(at != std::string::npos);
    std::istringstream line(ended.out.substr(at + 1, ended.out.find('\n', at + 1) - at));
    std::string written_as;
    double texts = 0, right = 0;
    line >> written_as >> texts >> right;
    INFO(name << right << " of " << texts);
    CHECK(right >= 0.9 * texts);
  }
  CHECK(content_of(folder.path() + "/decisions.csv").starts_with("id,category,further_categories,severity,emergency,score\n"));
}

TEST_CASE("model: of whole texts that nobody trained on 9 in 10 are right, and dangers are told from what sounds like them") {
  const std::string bundle = " --bundle " + kRoot + "/deploy/config/bundle --units " + kRoot + "/deploy/config/units";
  const Ended ended = ioc::test::run_ioc("evaluate categories " + kRoot + "/deploy/corpus/whole-texts.csv" + bundle);
  INFO(ended.out);
  REQUIRE(ended.code == 0);
  double accuracy = 0;
  REQUIRE(std::sscanf(ended.out.c_str() + ended.out.find("accuracy "), "accuracy %lf", &accuracy) == 1);
  CHECK(accuracy >= 0.9);
  unsigned flagged = 0, dangers = 0, wrongly = 0, ordinary = 0;
  REQUIRE(std::sscanf(ended.out.c_str() + ended.out.find("emergency: "), "emergency: %u of %u flagged (%*f); ordinary: %u of %u", &flagged, &dangers,
                      &wrongly, &ordinary) == 4);
  CHECK(flagged * 100 >= dangers * 95);
  CHECK(wrongly * 100 <= ordinary * 5);
}

TEST_CASE("model: of texts whose category is found 17 in 20 have a sub-kind that a reader gave them") {
  const std::string bundle = " --bundle " + kRoot + "/deploy/config/bundle --units " + kRoot + "/deploy/config/units";
  for (const char* file : {"whole-texts.csv", "sub-kinds.csv"}) {
    const Ended ended = ioc::test::run_ioc("evaluate categories " + kRoot + "/deploy/corpus/" + file + bundle);
    INFO(ended.out);
    double right = 0;
    const std::size_t at = ended.out.find("\nsub-kind ");
    REQUIRE(at != std::string::npos);
    REQUIRE(std::sscanf(ended.out.c_str() + at, "\nsub-kind %lf", &right) == 1);
    CHECK(right >= 0.85);
  }
}

TEST_CASE("model: danger that is stretched or spelled out is danger as much as plainly said") {
  const Folder folder;
  const std::string bundle = " --bundle " + kRoot + "/deploy/config/bundle --units " + kRoot + "/deploy/config/units";
  const std::string file = ioc::test::write(folder, "loud.csv",
                                            "id,text,category,emergency\n"
                                            "a,cháyyyyy nhàaaa,an-ninh-trat-tu,true\nb,c.h.á.y nhà rồi,an-ninh-trat-tu,true\n"
                                            "c,CHÁYYYY NHÀ RỒIIII,an-ninh-trat-tu,true\nd,cháyy nhàa rồii,an-ninh-trat-tu,true\n"
                                            "e,cuuuu voiiii co nguoi bi dien giattttt,chieu-sang-dien,true\n");
  const Ended ended = ioc::test::run_ioc("evaluate categories " + file + bundle + " --json");
  INFO(ended.out);
  CHECK(ended.out.find(R"("right":5,"accuracy")") != std::string::npos);
  CHECK(ended.out.find(R"("emergency":{"texts":5,"flagged":5,)") != std::string::npos);
}

TEST_CASE("corpus: each wording and each sentence is in one part, and in all but one of what is left without a part") {
  const auto whole = corpus_in("test");
  const auto count = [](const ioc::text::Corpus& corpus) {
    std::multiset<std::string> all;
    for (const auto& [category, situations] : corpus.situations()) {
      for (const auto& situation : situations) all.insert(situation.wordings.begin(), situation.wordings.end());
    }
    for (const auto& [name, frames] : corpus.frames()) all.insert(frames.begin(), frames.end());
    return all;
  };
  std::multiset<std::string> dealt;
  for (std::size_t fold = 0; fold < 3; ++fold) {
    const auto part = count(whole.part(fold, 3)), rest = count(whole.without_part(fold, 3));
    CHECK(part.size() + rest.size() == count(whole).size());
    for (const std::string& one : part) CHECK_FALSE(rest.contains(one));
    dealt.insert(part.begin(), part.end());
  }
  CHECK(dealt == count(whole));
}

TEST_CASE("evaluate categories: with folds a corpus is asked by models that saw other wordings, decisions beside the figures") {
  const Folder folder;
  const std::string bundle = " --bundle " + kRoot + "/deploy/config/bundle --units " + kRoot + "/deploy/config/units";
  const Ended ended = ioc::test::run_ioc("evaluate categories " + kRoot + "/deploy/corpus/test --folds 2 --decisions /dev/stdout" + bundle);
  REQUIRE(ended.code == 0);
  CHECK(std::count(ended.out.begin(), ended.out.end(), '\n') > 2 * 12 * 400);
  CHECK(ended.out.find("id,category,") != std::string::npos);
  CHECK(ended.out.find("9600 texts, 9600 with a category") != std::string::npos);
  CHECK(ioc::test::run_ioc("evaluate categories " + kRoot + "/deploy/corpus/test --folds 20" + bundle).out.find("give fewer") != std::string::npos);
  CHECK(ioc::test::run_ioc("evaluate categories " + folder.path() + " --folds 2" + bundle).code == 4);
  CHECK(ioc::test::run_ioc("evaluate categories a.csv --folds 1").code == 2);
}

TEST_CASE("evaluate categories: a file that is wrong is named with line and column") {
  const Folder folder;
  const std::string bundle = " --bundle " + kRoot + "/deploy/config/bundle --units " + kRoot + "/deploy/config/units";
  const auto told = [&](const std::string& content) {
    const Ended ended = ioc::test::run_ioc("evaluate categories " + ioc::test::write(folder, "a.csv", content) + bundle);
    CHECK(ended.code == 1);
    return ended.out;
  };
  CHECK(told("id,words\n1,a\n").find("no column `text`; it is `id,words`") != std::string::npos);
  CHECK(told("ID;Text\n1;a\n").find("it is `ID;Text`") != std::string::npos);
  CHECK(told("\xff\xfei\n").find("save it as UTF-8") != std::string::npos);
  const std::string unknown = told("id,text,category\n1,a,khac\n2,b,nothing\n");
  CHECK(unknown.find("line 3, column category") != std::string::npos);
  CHECK(unknown.find("giao-thong, ha-tang") != std::string::npos);
  const Ended no_model = ioc::test::run_ioc("evaluate categories " + ioc::test::write(folder, "a.csv", "id,text\n1,a\n") + " --model " + folder.path() + "/a.csv" + bundle);
  CHECK(no_model.code == 1);
  CHECK(no_model.out.find(folder.path() + "/a.csv: line 1: does not begin with") != std::string::npos);
  CHECK(ioc::test::run_ioc("evaluate categories " + folder.path() + bundle).out.find("is a folder") != std::string::npos);
  CHECK(told("id,text,emergency\n1,a,maybe\n").find("line 2, column emergency") != std::string::npos);
  CHECK(told("id,text\n1,\"a\n").find("never closed") != std::string::npos);
  CHECK(told("id,text\n1,\xff\n").find("line 2, column text") != std::string::npos);
  CHECK(ioc::test::run_ioc("evaluate categories " + folder.path() + "/none.csv" + bundle).code == 4);
  CHECK(ioc::test::run_ioc("evaluate categories").code == 2);
}

TEST_CASE("evaluate categories: sub-kinds are measured where the file names them; one of another category is refused with those there are") {
  const Folder folder;
  const std::string bundle = " --bundle " + kRoot + "/deploy/config/bundle --units " + kRoot + "/deploy/config/units";
  const std::string header = "id,text,category,sub_kind\n";
  const std::string good = ioc::test::write(folder, "good.csv", header + "a,Ổ gà sâu giữa đường,ha-tang,o-ga\nb,Mất nắp cống trước nhà,ha-tang,via-he;nap-cong\n"
                                            "c,Mất nắp cống trước nhà,ha-tang,-\nd,Mất nắp cống trước nhà,ha-tang,\n");
  const Ended measured = ioc::test::run_ioc("evaluate categories " + good + bundle + " --json");
  INFO(measured.out);
  CHECK(measured.code == 0);
  CHECK(measured.out.find("sub-kind 0.667 (2 of 3 texts whose category was found), none told for 0") != std::string::npos);
  CHECK(measured.out.find(R"("sub_kinds":{"texts":3,"right":2,"missed":0)") != std::string::npos);
  const Ended bad = ioc::test::run_ioc("evaluate categories " + ioc::test::write(folder, "bad.csv", header + "a,Ổ gà,ha-tang,karaoke\n") + bundle);
  CHECK(bad.code == 1);
  CHECK(bad.out.find("line 2, column sub_kind: the category `ha-tang` has no sub-kind `karaoke`") != std::string::npos);
  CHECK(bad.out.find("nap-cong") != std::string::npos);
}

TEST_CASE("corpus: the same seed writes the same texts; Telex keys are those of the keyboard") {
  const auto corpus = corpus_in("test");
  const auto a = corpus.write(5, 8), b = corpus.write(5, 8);
  REQUIRE(a.size() == 96);
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i].text == b[i].text);
  CHECK(ioc::text::telex_keys("đường") == "dduwowngf");
  CHECK(ioc::text::telex_keys("ngập") == "ngaapj");
}

TEST_CASE("model: a few corrected texts beside the corpus are learned, and so is what is said nearly so") {
  const Folder folder;
  const std::string corrections = ioc::test::write(folder, "corrections.csv",
                                                   "id,text,category,also_right,emergency,register\n"
                                                   "a,\"Thuyền thúng neo kín bến đò dân sinh từ sáng sớm\",giao-thong,,false,\n"
                                                   "b,\"Đèn pha sân bóng mini chiếu thẳng vào phòng ngủ\",tieng-on,,false,\n");
  const std::string alike = ioc::test::write(folder, "alike.csv",
                                             "id,text,category\na,\"Từ sáng sớm thuyền thúng đã neo kín cả bến đò dân sinh\",giao-thong\n"
                                             "b,\"Đèn pha của sân bóng mini chiếu thẳng vào phòng ngủ nhà tôi\",tieng-on\n");
  const auto files_right_with = [&](const std::string& input) {
    const std::string model = folder.path() + "/model.txt";
    const Ended trained = ioc::test::run_ioc("model train " + kRoot + "/deploy/corpus/train " + input + " --per-category 400 --out " + model + " --json");
    INFO(trained.out);
    REQUIRE(trained.code == 0);
    int files_right = 0;
    for (const std::string& file : {corrections, alike}) {
      const Ended measured = ioc::test::run_ioc("evaluate categories " + file + " --model " + model + " --json");
      INFO(measured.out);
      REQUIRE(measured.code == 0);
      files_right += measured.out.find("\"right\":2,\"accuracy\"") != std::string::npos ? 1 : 0;
    }
    return files_right;
  };
  CHECK(files_right_with("") == 0);
  CHECK(files_right_with(corrections) == 2);
}
