/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <string.h>

#include "app/scene.h"
#include "clock/clock.h"
#include "directory/directory_map.h"
#include "i18n/i18n.h"
#include "random/random.h"

enum { MOST_CHOICES = 8 };

/* "procede=milling&matiere=brass": as an address has it. */
static struct directory_request request_of(struct scene *s, const char *query, const char *filters)
{
    struct directory_choice *choices = NEW(s->arena, struct directory_choice, MOST_CHOICES);
    struct directory_request r = {.query = query, .choices = choices, .per_page = DIRECTORY_MOST_PER_PAGE};
    struct slice rest = slice_of(filters), one, name;
    while (slice_cut(&rest, '&', &one)) {
        assert_true(slice_cut(&one, '=', &name));
        choices[r.choice_count++] =
            (struct directory_choice){slice_text(s->arena, name), slice_text(s->arena, one)};
    }
    return r;
}

static struct directory_answer ask(struct scene *s, int64_t person, const char *query, const char *filters)
{
    struct directory_request r = request_of(s, query, filters);
    struct directory_answer answer;
    assert_ok(directory_search(scene_door(s, person), &r, &answer));
    return answer;
}

/* "A B C": the first words of the names found, in order. */
static const char *names(struct scene *s, const struct directory_answer *answer)
{
    struct buffer *text = buffer_new(s->arena, LIMIT_LONG_TEXT);
    for (size_t i = 0; i < answer->row_count; i++) {
        const char *name = answer->rows[i].entry->organisation.name;
        buffer_print(text, "%s%.*s", i ? " " : "", (int)strcspn(name, " "), name);
    }
    return buffer_string(text);
}

static const struct directory_value *value_of(const struct directory_answer *answer,
                                              enum directory_facet facet, const char *code)
{
    for (size_t i = 0; i < answer->facets[facet].count; i++)
        if (strcmp(answer->facets[facet].at[i].code, code) == 0)
            return &answer->facets[facet].at[i];
    return NULL;
}

/* "[Décolletage] de précision": what is marked stands in brackets. */
static const char *marked(struct scene *s, struct text_line line)
{
    struct buffer *text = buffer_new(s->arena, LIMIT_LONG_TEXT);
    for (size_t i = 0; i < line.count; i++)
        buffer_print(text, line.pieces[i].matched ? "[%.*s]" : "%.*s", SLICE_ARGS(line.pieces[i].text));
    return buffer_string(text);
}

static void set(struct scene *s, int64_t id, const char *field, const char *text)
{
    struct organisation o;
    assert_ok(door_load(scene_program(s), organisation, id, &o, NULL));
    assert_ok(value_parse(field_find(&organisation_type, field), s->arena, slice_of(text), &o));
    assert_ok(door_save(scene_program(s), organisation, &o, ALL_FIELDS));
}

/* Alpha turns and mills titanium, Beta turns brass, Gamma polishes, Delta is closed. */
static int set_up(void **state)
{
    if (scene_open(state) != 0)
        return -1;
    struct scene *s = *state;
    int64_t alpha = scene_organisation(s, "Alpha Décolletage", NULL);
    (void)scene_capability(s, alpha, "Décolletage de titane", "bar-turning", "titanium-5", NULL);
    (void)scene_capability(s, alpha, "Fraisage cinq axes", "milling", "titanium-5", NULL);
    scene_site(s, alpha, "Villers-le-Lac", "25321");
    scene_certificate(s, alpha, "iso-13485", UNKNOWN_INTEGER);
    set(s, alpha, "size_class", "small");
    int64_t beta = scene_organisation(s, "Beta", NULL);
    (void)scene_capability(s, beta, "Tournage de laiton", "turning", "brass", NULL);
    scene_site(s, beta, "Morteau", "25411");
    scene_certificate(s, beta, "iso-9001", today() - 1);
    int64_t gamma = scene_organisation(s, "Gamma", NULL);
    (void)scene_capability(s, gamma, "Terminaison soignée", "polishing", "brass", NULL);
    scene_site(s, gamma, "Morteau", "25411");
    scene_site(s, gamma, "Besançon", "25056");
    set(s, gamma, "size_class", "micro");
    int64_t delta = scene_organisation(s, "Delta", NULL);
    (void)scene_capability(s, delta, "Décolletage de laiton", "bar-turning", "brass", NULL);
    set(s, delta, "closed", "2024-06-30");
    return 0;
}

static void facets_add_up_and_their_values_are_alternatives(void **state)
{
    struct scene *s = *state;
    static const struct {
        const char *query, *filters, *found;
    } cases[] = {
        {"", "", "Alpha Beta Gamma Delta"}, /* by how much they say, the closed one last */
        {"", "procede=turning", "Alpha Beta Delta"},
        {"", "procede=milling&procede=polishing", "Alpha Gamma"},
        {"", "procede=turning&matiere=brass", "Beta Delta"},
        {"", "procede=machining&procede=milling", "Alpha"}, /* the narrower one decides */
        {"", "commune=25411", "Beta Gamma"},
        {"", "commune=25411&commune=25321", "Alpha Beta Gamma"},
        {"", "epci=242504116", "Alpha Beta Gamma"},
        {"", "certification=iso-9001", "Alpha"}, /* 13485 includes it; Beta's has expired */
        {"", "taille=micro&taille=small", "Alpha Gamma"},
        {"", "terme=titanium", "Alpha"},
        {"laiton", "", "Beta Gamma Delta"},
        {"laiton", "procede=bar-turning", "Delta"},
        {"laiton", "matiere=titanium", ""},
        {"", "matiere=", "Alpha Beta Gamma Delta"}, /* an empty parameter is none */
        {"", "procede=mim", ""},                    /* a term that nobody has */
        {"", "commune=75056", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct directory_answer answer = ask(s, 0, cases[i].query, cases[i].filters);
        print_message("# %s %s\n", cases[i].query, cases[i].filters);
        assert_string_equal(names(s, &answer), cases[i].found);
        assert_int_equal(answer.total, answer.row_count);
    }
}

static void what_does_not_exist_is_told(void **state)
{
    struct scene *s = *state;
    static const struct {
        const char *filters, *field;
    } cases[] = {{"procede=no-such", "procede"}, {"procede=brass", "procede"}, {"commune=nowhere", "commune"},
                 {"taille=huge", "taille"},      {"epci=1", "epci"},           {"terme=no-such", "terme"},
                 {"couleur=bleu", "couleur"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct directory_request r = request_of(s, "", cases[i].filters);
        struct directory_answer answer;
        const struct fault *f = directory_search(scene_door(s, 0), &r, &answer);
        print_message("# %s\n", cases[i].filters);
        assert_non_null(f);
        assert_int_equal(f->code, FAULT_INVALID);
        assert_string_equal(f->field, cases[i].field);
    }
    struct directory_request r = request_of(s, "", "");
    struct directory_answer answer;
    r.sort = "canary";
    assert_fault(directory_search(scene_door(s, 0), &r, &answer), FAULT_INVALID);
    r.sort = NULL;
    r.page = 99;
    assert_fault(directory_search(scene_door(s, 0), &r, &answer), FAULT_INVALID);
}

/* By brute force: a value's count is the number of results when it alone is chosen in its facet. */
static void counts_are_those_of_the_other_facets(void **state)
{
    struct scene *s = *state;
    static const char *const asked[] = {"",
                                        "procede=turning",
                                        "matiere=brass&taille=micro",
                                        "commune=25411",
                                        "procede=machining&certification=iso-13485",
                                        "matiere=titanium&matiere=brass"};
    for (size_t i = 0; i < COUNT(asked); i++) {
        struct directory_answer answer = ask(s, 0, "", asked[i]);
        for (int f = 0; f < DIRECTORY_FACETS; f++) {
            struct buffer *others = buffer_new(s->arena, LIMIT_TEXT);
            for (size_t k = 0; k < answer.filter_count; k++)
                if ((int)answer.filters[k].facet != f)
                    buffer_print(others, "%s=%s&", answer.filters[k].name, answer.filters[k].value);
            for (size_t k = 0; k < answer.facets[f].count; k++) {
                const struct directory_value *v = &answer.facets[f].at[k];
                const char *alone = arena_print(s->arena, "%s%s=%s", buffer_string(others),
                                                directory_facets[f].name, v->code);
                print_message("# %s then %s\n", asked[i], alone);
                assert_int_equal(ask(s, 0, "", alone).total, v->count);
                assert_true(v->count > 0 || v->chosen);
            }
        }
    }
}

static void filters_tell_what_dropping_them_would_give(void **state)
{
    struct scene *s = *state;
    struct directory_answer answer = ask(s, 0, "laiton", "procede=polishing&commune=25321");
    assert_int_equal(answer.total, 0);
    assert_int_equal(answer.filter_count, 2);
    assert_int_equal(answer.filters[0].without, 0);
    assert_int_equal(answer.filters[1].without, 1); /* Gamma polishes brass, elsewhere */
    assert_string_equal(answer.filters[1].label, "Villers-le-Lac");
    assert_int_equal(answer.without_query, 0);
    answer = ask(s, 0, "laiton", "procede=milling");
    assert_int_equal(answer.without_query, 1);
}

static void a_chosen_value_shows_its_place_in_the_tree(void **state)
{
    struct scene *s = *state;
    struct directory_answer answer = ask(s, 0, "", "procede=turning");
    const struct directory_value *turning = value_of(&answer, DIRECTORY_PROCESS, "turning");
    assert_true(turning->chosen);
    assert_true(turning[1].depth > turning->depth); /* bar turning below it */
    assert_string_equal(turning[1].code, "bar-turning");
    answer = ask(s, 0, "", "procede=mim");
    assert_int_equal(value_of(&answer, DIRECTORY_PROCESS, "mim")->count, 0);
    assert_true(answer.facets[DIRECTORY_PROCESS].chosen);
}

static void orders_are_what_they_say(void **state)
{
    struct scene *s = *state;
    static const struct {
        const char *sort, *found;
    } cases[] = {{NULL, "Alpha Beta Gamma Delta"},
                 {"pertinence", "Alpha Beta Gamma Delta"},
                 {"nom", "Alpha Beta Gamma Delta"},
                 {"commune", "Beta Gamma Alpha Delta"},
                 {"taille", "Alpha Gamma Beta Delta"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct directory_request r = request_of(s, "", "");
        struct directory_answer answer;
        r.sort = cases[i].sort;
        assert_ok(directory_search(scene_door(s, 0), &r, &answer));
        print_message("# %s\n", cases[i].sort ? cases[i].sort : "none");
        assert_string_equal(names(s, &answer), cases[i].found);
    }
}

static void pages_cut_the_results_without_loss(void **state)
{
    struct scene *s = *state;
    size_t seen = 0;
    for (int64_t page = 1; page <= 2; page++) {
        struct directory_request r = request_of(s, "", "");
        struct directory_answer answer;
        r.per_page = 3;
        r.page = page;
        assert_ok(directory_search(scene_door(s, 0), &r, &answer));
        assert_int_equal(answer.pages, 2);
        assert_int_equal(answer.total, 4);
        for (size_t i = 0; i < answer.row_count; i++)
            assert_int_equal(answer.rows[i].entry->organisation.id,
                             answer.catalogue->entries[answer.found[seen + i]].organisation.id);
        seen += answer.row_count;
    }
    assert_int_equal(seen, 4);
}

static void rows_say_why(void **state)
{
    struct scene *s = *state;
    static const struct {
        const char *query, *filters, *name, *skill;
    } cases[] = {
        {"decolletage titane", "", "Alpha [Décolletage]", "[Décolletage] de [titane] · Fraisage cinq axes"},
        {"frais", "", "Alpha Décolletage", "[Fraisage] cinq axes · Décolletage de titane"},
        {"polisage", "", "Gamma", "Terminaison soignée · [Polissage]"}, /* a slip, met by the term */
        {"lustrage", "", "Gamma", "Terminaison soignée · [Polissage]"}, /* a synonym of polishing */
        {"", "matiere=brass&procede=turning", "Beta", "[Tournage] de [laiton]"},
        {"", "procede=milling", "Alpha Décolletage", "[Fraisage] cinq axes · Décolletage de titane"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct directory_answer answer = ask(s, 0, cases[i].query, cases[i].filters);
        print_message("# %s %s\n", cases[i].query, cases[i].filters);
        assert_true(answer.row_count > 0);
        assert_string_equal(marked(s, answer.rows[0].name), cases[i].name);
        assert_string_equal(marked(s, answer.rows[0].skill), cases[i].skill);
    }
}

static void the_map_has_every_open_site_of_the_results(void **state)
{
    struct scene *s = *state;
    struct directory_answer answer = ask(s, 0, "", "");
    struct directory_sites sites = directory_sites_of(s->arena, &answer);
    assert_int_equal(sites.count, 4); /* Gamma has two, Delta none */
    assert_int_equal(sites.placed, 3);
    answer = ask(s, 0, "", "procede=polishing");
    assert_int_equal(directory_sites_of(s->arena, &answer).count, 2);
    struct map ground = directory_ground(answer.catalogue);
    assert_true(ground.box.north > ground.box.south);
    assert_true(ground.town_count > 0);
}

static struct slice map_of(struct scene *s, const struct directory_answer *answer)
{
    struct directory_sites told;
    return directory_map(s->arena, answer, &told).bytes;
}

static void maps_are_kept_by_what_they_show(void **state)
{
    struct scene *s = *state;
    struct directory_answer all = ask(s, 0, "", ""), one = ask(s, 0, "", "procede=polishing");
    struct slice first = map_of(s, &all), other = map_of(s, &one), again = map_of(s, &all);
    assert_true(first.ptr != again.ptr && slice_equal(first, again));
    assert_false(slice_equal(first, other));
    assert_null(memmem(other.ptr, other.len, "Alpha", 5));
    language_set(LANGUAGE_EN);
    struct slice english = map_of(s, &all);
    language_set(LANGUAGE_FR);
    assert_false(slice_equal(first, english));
    static const char *const many[] = {"alpha",    "beta",    "gamma",    "delta",         "laiton",
                                       "titane",   "morteau", "tournage", "fraisage",      "polissage",
                                       "besancon", "villers", "inox",     "laiton morteau"};
    for (size_t i = 0; i < COUNT(many); i++) { /* more than are kept */
        struct directory_answer answer = ask(s, 0, many[i], "");
        (void)map_of(s, &answer);
    }
    again = map_of(s, &all);
    assert_true(slice_equal(first, again));
}

static int drawn_rows;

static void draw_row(struct html *h, const struct directory_row *row)
{
    drawn_rows++;
    html_text(h, row->entry->organisation.name);
}

static void draw_values(struct html *h, const struct directory_facet_rule *rule,
                        const struct directory_values *values)
{
    html(h, "%s %zu", rule->name, values->count);
}

static struct directory_answer ask_drawn(struct scene *s, int64_t person, const char *filters)
{
    static const struct directory_look look = {draw_row, draw_values};
    struct directory_request r = request_of(s, "", filters);
    struct directory_answer answer;
    r.look = &look;
    assert_ok(directory_search(scene_door(s, person), &r, &answer));
    return answer;
}

/* A class of viewers, and a language, has its own; what is chosen changes what a line says. */
static void lines_are_drawn_once_where_nothing_is_chosen(void **state)
{
    struct scene *s = *state;
    int64_t person = scene_person(s, "Odile", "facilitator", 0);
    struct directory_answer first = ask_drawn(s, 0, "");
    int once = drawn_rows;
    assert_int_equal(once, first.row_count);
    struct directory_answer again = ask_drawn(s, 0, ""), one = ask_drawn(s, 0, "procede=polishing");
    assert_int_equal(drawn_rows, once);
    for (size_t i = 0; i < again.row_count; i++)
        assert_string_equal(again.rows[i].drawn.bytes.ptr, again.rows[i].entry->organisation.name);
    assert_true(again.facets[DIRECTORY_PROCESS].drawn.bytes.len > 0);
    assert_int_equal(one.rows[0].drawn.bytes.len, 0);
    assert_int_equal(one.facets[DIRECTORY_PROCESS].drawn.bytes.len, 0);
    struct directory_answer whole = ask_drawn(s, person, "");
    assert_int_equal(drawn_rows, once + (int)whole.row_count);
    language_set(LANGUAGE_EN);
    (void)ask_drawn(s, 0, "");
    language_set(LANGUAGE_FR);
    assert_int_equal(drawn_rows, 2 * once + (int)whole.row_count);
}

static void suggestions_lead_somewhere(void **state)
{
    struct scene *s = *state;
    struct directory_suggestion *found = NULL;
    size_t count = 0;
    assert_ok(directory_suggest(scene_door(s, 0), "morteau", 8, &found, &count));
    assert_int_equal(count, 1);
    assert_string_equal(found[0].facet_name, "commune");
    assert_int_equal(
        ask(s, 0, "", arena_print(s->arena, "%s=%s", found[0].facet_name, found[0].facet_value)).total, 2);
    assert_ok(directory_suggest(scene_door(s, 0), "polis", 8, &found, &count));
    assert_string_equal(found[0].label, "Polissage");
    assert_string_equal(found[0].facet_value, "polishing");
    assert_ok(directory_suggest(scene_door(s, 0), "alpha", 8, &found, &count));
    assert_true(found[0].organisation != 0);
    assert_string_equal(found[0].hint, "Villers-le-Lac");
}

/* Everything an answer tells, as one text. */
static const char *told(struct scene *s, struct door *d, const char *query, const char *filters,
                        const char *sort)
{
    struct directory_request r = request_of(s, query, filters);
    struct directory_answer answer;
    struct buffer *text = buffer_new(s->arena, LIMIT_LONG_TEXT);
    r.sort = sort;
    const struct fault *f = directory_search(d, &r, &answer);
    if (f) {
        buffer_print(text, "%s: %s", f->field, f->text);
        return buffer_string(text);
    }
    buffer_print(text, "%zu of %zu, %lld\n", answer.total, answer.everybody, (long long)answer.without_query);
    for (size_t i = 0; i < answer.row_count; i++)
        buffer_print(text, "%s | %s | %s | %s | %zu %zu\n", marked(s, answer.rows[i].name),
                     answer.rows[i].place ? answer.rows[i].place : "-",
                     answer.rows[i].size ? answer.rows[i].size : "-", marked(s, answer.rows[i].skill),
                     answer.rows[i].more, answer.rows[i].mark_count);
    for (int k = 0; k < DIRECTORY_FACETS; k++)
        for (size_t i = 0; i < answer.facets[k].count; i++)
            buffer_print(text, "%s %lld +%zu\n", answer.facets[k].at[i].code,
                         (long long)answer.facets[k].at[i].count, answer.facets[k].more);
    buffer_print(text, "sites %zu\n", directory_sites_of(s->arena, &answer).count);
    return buffer_string(text);
}

static const char *everything_told(struct scene *s, int64_t person)
{
    static const char *const queries[] = {"", "canari", "emaillage", "tarte", "alpha", "laiton", "fribourg"};
    static const char *const filters[] = {"",
                                          "procede=enamelling",
                                          "commune=25462",
                                          "commune=fribourg",
                                          "procede=turning&matiere=brass",
                                          "taille=large"};
    static const char *const sorts[] = {"pertinence", "nom", "commune", "taille"};
    struct buffer *text = buffer_new(s->arena, LIMIT_RESPONSE);
    struct door *d = scene_door(s, person); /* one: each holds a connection until the end */
    for (size_t q = 0; q < COUNT(queries); q++) {
        struct directory_suggestion *found = NULL;
        size_t count = 0;
        assert_ok(directory_suggest(d, queries[q], 8, &found, &count));
        for (size_t i = 0; i < count; i++)
            buffer_print(text, "%s (%s)\n", found[i].label, found[i].hint);
        for (size_t f = 0; f < COUNT(filters); f++)
            for (size_t o = 0; o < COUNT(sorts); o++)
                buffer_text(text, told(s, d, queries[q], filters[f], sorts[o]));
    }
    return buffer_string(text);
}

/* What is hidden from a class leaves no trace in anything the directory says to it: not a row, not a count,
 * not an order, not the words of a refusal. */
static void the_hidden_leaves_no_trace(void **state)
{
    struct scene *s = *state;
    int64_t alpha = catalogue_find(ask(s, 0, "alpha", "").catalogue,
                                   ask(s, 0, "alpha", "").rows[0].entry->organisation.id)
                        ->organisation.id;
    int64_t member = scene_person(s, "Jeanne Membre", "member", alpha),
            facilitator = scene_person(s, "Ali Mateur", "facilitator", 0);
    const char *visitor_before = everything_told(s, 0), *member_before = everything_told(s, member),
               *facilitator_before = everything_told(s, facilitator);
    int64_t hidden = scene_organisation(s, "Canari SA", "private");
    (void)scene_capability(s, hidden, "Canari", "enamelling", "brass",
                           "public"); /* public, of a hidden owner */
    scene_site(s, hidden, "Fribourg", NULL);
    scene_site(s, hidden, "Pontarlier", "25462");
    set(s, hidden, "size_class", "large");
    (void)scene_capability(s, alpha, "Canari émaillé", "enamelling", "", "private");
    set(s, alpha, "turnover_band", "canari");
    assert_string_equal(everything_told(s, 0), visitor_before);
    assert_string_equal(everything_told(s, member),
                        member_before); /* even the own organisation's: the class is shared */
    assert_string_equal(everything_told(s, facilitator), facilitator_before);
    int64_t discreet = scene_organisation(s, "Canari discret", "confidential");
    (void)scene_capability(s, discreet, "Émaillage", "enamelling", "", "confidential");
    set(s, alpha, "note", "canari");
    assert_string_equal(everything_told(s, 0), visitor_before);
    assert_string_equal(everything_told(s, member), member_before);
    assert_string_not_equal(everything_told(s, facilitator), facilitator_before); /* the test can see */
    (void)scene_organisation(s, "Canari du cru", "space");
    assert_string_equal(everything_told(s, 0), visitor_before);
    assert_string_not_equal(everything_told(s, member), member_before);
}

static int64_t told_of(struct scene *s, const struct record_type *type, int64_t id, int64_t facilitator)
{
    struct reading_line *lines = NULL;
    size_t count = 0;
    int64_t times = 0;
    assert_ok(space_seal(s->space));
    assert_ok(door_readings(scene_door(s, facilitator), type, id, &lines, &count));
    for (size_t i = 0; i < count; i++)
        times += lines[i].times;
    return times;
}

/* What is confided to facilitators is opened by a file of the directory, and by a program; not by its page.
 */
static void a_file_of_the_directory_opens_what_it_names(void **state)
{
    struct scene *s = *state;
    int64_t facilitator = scene_person(s, "Chloé", "facilitator", 0);
    int64_t firm = scene_organisation(s, "Zeta Secrète", "confidential");
    int64_t open = scene_organisation(s, "Zeta Ouverte", "space");
    int64_t know_how = scene_capability(s, open, "Zetage discret", "", "", "confidential");
    const struct directory_request asked = {.query = "zeta", .per_page = DIRECTORY_MOST_PER_PAGE};
    for (int opened = 0; opened < 2; opened++) {
        struct directory_answer answer;
        struct door *d = scene_door(s, facilitator);
        if (opened)
            door_read_as(d, READING_EXPORT);
        assert_ok(directory_search(d, &asked, &answer));
        assert_int_equal(answer.total, 2);
        assert_int_equal(told_of(s, &organisation_type, firm, facilitator), opened);
        assert_int_equal(told_of(s, &capability_type, know_how, facilitator), opened);
        assert_int_equal(told_of(s, &organisation_type, open, facilitator), 0);
    }
}

/* Doors hold a connection as long as their arena lives: one for each test. */
static struct arena *of_group;

static int arena_open(void **state)
{
    struct scene *s = *state;
    of_group = s->arena;
    s->arena = arena_new(LIMIT_COMMAND_MEMORY);
    return 0;
}

static int arena_close(void **state)
{
    struct scene *s = *state;
    arena_free(s->arena);
    s->arena = of_group;
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_open, arena_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(facets_add_up_and_their_values_are_alternatives),
        TEST(what_does_not_exist_is_told),
        TEST(counts_are_those_of_the_other_facets),
        TEST(filters_tell_what_dropping_them_would_give),
        TEST(a_chosen_value_shows_its_place_in_the_tree),
        TEST(orders_are_what_they_say),
        TEST(pages_cut_the_results_without_loss),
        TEST(rows_say_why),
        TEST(the_map_has_every_open_site_of_the_results),
        TEST(maps_are_kept_by_what_they_show),
        TEST(lines_are_drawn_once_where_nothing_is_chosen),
        TEST(suggestions_lead_somewhere),
        TEST(the_hidden_leaves_no_trace),
        TEST(a_file_of_the_directory_opens_what_it_names),
    };
    return cmocka_run_group_tests(tests, set_up, scene_close);
}
