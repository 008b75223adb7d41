/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the demonstration promises: how much, how poor, who is in it, and that it is the same every time. */
#include "test.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/accounts.h"
#include "clock/clock.h"
#include "demo/demo.h"
#include "i18n/i18n.h"
#include "journal/journal.h"
#include "places/places.h"
#include "text/buffer.h"

static char scratch[64], first[96], second[96];
static struct house *house;

static void remove_folder(const char *folder)
{
    char path[400];
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        (void)unlink(path);
    }
    assert_int_equal(closedir(d), 0);
    assert_int_equal(rmdir(folder), 0);
}

static int count_entries(const char *folder)
{
    int entries = -2; /* . and .. */
    DIR *d = opendir(folder);
    assert_non_null(d);
    while (readdir(d))
        entries++;
    assert_int_equal(closedir(d), 0);
    return entries;
}

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(scratch, sizeof scratch, "/tmp/grappe-demo-XXXXXX");
    assert_non_null(mkdtemp(scratch));
    (void)snprintf(first, sizeof first, "%s/first/", scratch); /* a final slash is no part of the name */
    (void)snprintf(second, sizeof second, "%s/second", scratch);
    int64_t started = cpu_us();
    language_set(LANGUAGE_EN);
    assert_ok(demo_make(first));
    assert_int_equal(language(), LANGUAGE_EN);
    print_message("# one demo: %lld ms CPU\n", (long long)(cpu_us() - started) / 1000);
    assert_ok(house_open(first, &house));
    return 0;
}

static int clean_up(void **state)
{
    (void)state;
    house_close(house);
    remove_folder(first);
    assert_int_equal(rmdir(scratch), 0); /* nothing was left beside */
    return 0;
}

/* All records of a type; *count of them. */
static void *all_of(struct door *d, const struct record_type *type, size_t *count)
{
    char *all = NULL;
    *count = 0;
    for (int64_t number = 1, total = 1; (int64_t)*count < total; number++) {
        struct list_page page = {0};
        struct list_request request = {.type = type, .page = number, .per_page = LIMIT_LIST_ROWS};
        assert_ok(door_list(d, &request, &page));
        total = page.total;
        all = arena_grow(door_arena(d), all, *count, *count + page.count, type->size, alignof(max_align_t));
        if (!page.count)
            break;
        memcpy(all + *count * type->size, page.records, page.count * type->size);
        *count += page.count;
    }
    return all;
}
#define ALL_OF(door, type, count) ((struct type *)all_of(door, &type##_type, count))

static struct door *open_space(struct arena *a, const struct house *h, const char *name)
{
    struct door *d = NULL;
    const struct space_info *info = house_named(h, name);
    assert_non_null(info);
    assert_true(info->demo);
    assert_ok(door_open_program(info->space, a, &d));
    return d;
}

static void test_counts(void **state)
{
    (void)state;
    static const struct {
        const char *space;
        size_t members_lo, members_hi, capabilities, certificates, needs;
    } promised[] = {{"federation", 95, 105, 150, 70, 14},
                    {"pole", 180, 180, 300, 150, 14},
                    {"territoire", 0, 0, 150, 70, 10}};
    assert_int_equal(house_count(house), COUNT(promised));
    for (size_t i = 0; i < COUNT(promised); i++) {
        ARENA_SCOPE(a);
        struct door *d = open_space(a, house, promised[i].space);
        size_t count = 0, members = 0;
        struct organisation *o = ALL_OF(d, organisation, &count);
        for (size_t k = 0; k < count; k++)
            members += known_integer(o[k].joined);
        assert_in_range(members, promised[i].members_lo, promised[i].members_hi);
        assert_true(count >= 100);
        (void)ALL_OF(d, capability, &count);
        assert_true(count >= promised[i].capabilities);
        (void)ALL_OF(d, certificate, &count);
        assert_true(count >= promised[i].certificates);
        (void)ALL_OF(d, need, &count);
        assert_true(count >= promised[i].needs);
    }
}

/* The facet of each term is one its field takes. */
static void check_facets(struct door *d, const struct field *f, const void *record)
{
    const struct term_list *terms = field_in(f, record);
    for (size_t i = 0; i < terms->count; i++) {
        struct term term;
        assert_ok(door_load(d, term, terms->ids[i], &term, NULL));
        assert_string_equal(term.facet, f->to);
    }
}

static void test_every_record_is_sound(void **state)
{
    (void)state;
    for (size_t s = 0; s < house_count(house); s++)
        for (int t = 0; t < record_type_count; t++) {
            ARENA_SCOPE(a);
            const struct record_type *type = all_record_types[t];
            struct door *d = open_space(a, house, house_at(house, s)->name);
            size_t count = 0;
            const char *records = all_of(d, type, &count);
            for (size_t i = 0; i < count; i++) {
                const void *record = records + i * type->size;
                assert_ok(record_check(type, record));
                for (int f = 0; f < type->count; f++)
                    if (type->fields[f].kind == KIND_terms)
                        check_facets(d, &type->fields[f], record);
            }
        }
}

static void test_a_third_is_poor_and_names_are_unique(void **state)
{
    (void)state;
    for (size_t s = 0; s < house_count(house); s++) {
        ARENA_SCOPE(a);
        struct door *d = open_space(a, house, house_at(house, s)->name);
        size_t count = 0, poor = 0, closed = 0, young = 0, swiss = 0;
        struct organisation *o = ALL_OF(d, organisation, &count);
        for (size_t i = 0; i < count; i++) {
            poor += !strchr(o[i].activity, ' ') && !known_integer(o[i].headcount) && !o[i].naf;
            closed += known_integer(o[i].closed);
            young += known_integer(o[i].created) && o[i].created >= day_of(2026, 1, 1);
            swiss += o[i].uid && strncmp(o[i].uid, "CHE-000.", 8) == 0;
            assert_false(o[i].siren && o[i].uid);
            assert_true(!o[i].siren ||
                        (strcmp(o[i].siren, "000100000") >= 0 && strcmp(o[i].siren, "000300000") < 0));
            for (size_t k = 0; k < i; k++)
                assert_string_not_equal(o[i].name, o[k].name);
        }
        assert_true(poor * 100 >= 28 * count && poor * 100 <= 38 * count);
        assert_true(closed >= 1 && young >= 1);
        assert_true(swiss >= (s < 2 ? 1 : 0));
    }
}

static void test_sites_of_the_territory_are_in_its_five_communities(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct door *d = open_space(a, house, "territoire");
    static const char *const five[] = {"242504116", "242504355", "200023075", "242504181", "200068070"};
    size_t count = 0, inside = 0;
    struct site *sites = ALL_OF(d, site, &count);
    for (size_t i = 0; i < count; i++) {
        struct place p;
        assert_true(place_by_code(sites[i].commune_code, &p));
        double km = distance_km((struct geo_point){sites[i].lat, sites[i].lon}, p.point);
        assert_true(km < 0.76);
        for (size_t k = 0; k < COUNT(five); k++)
            inside += sites[i].epci && strcmp(sites[i].epci, five[k]) == 0;
        for (size_t k = 0; k < i; k++)
            assert_false(sites[i].lat == sites[k].lat && sites[i].lon == sites[k].lon);
    }
    assert_true(inside >= count - 8 && inside >= 95);
}

static void test_personas(void **state)
{
    (void)state;
    static const struct {
        const char *space, *title, *role;
    } promised[] = {{"federation", "Animatrice des grappes", "facilitator"},
                    {"federation", "Gérant", "member"},
                    {"federation", "Responsable des achats habillage", "member"},
                    {"federation", "Délégué régional à l'industrie", "funder"},
                    {"federation", "Professeure de microtechniques", "member"},
                    {"pole", "Chargé de mission innovation", "facilitator"},
                    {"pole", "Gérant", "member"},
                    {"pole", "Délégué régional à l'industrie", "funder"},
                    {"territoire", "Directrice d'études", "facilitator"},
                    {"territoire", "Chargé d'études économie", "planner"},
                    {"territoire", "Gérant", "member"},
                    {"territoire", "Professeure de microtechniques", "member"}};
    for (size_t i = 0; i < COUNT(promised); i++) {
        ARENA_SCOPE(a);
        struct persona *personas = NULL;
        size_t count = 0, found = 0;
        const struct space_info *space = house_named(house, promised[i].space);
        assert_ok(accounts_personas(space, a, &personas, &count));
        for (size_t k = 0; k < count; k++) {
            struct person p;
            struct door *d = NULL;
            if (strcmp(personas[k].title, promised[i].title) != 0)
                continue;
            found++;
            assert_non_null(personas[k].organisation);
            assert_ok(door_open(space->space, a, personas[k].person, &d));
            assert_int_equal(door_viewer(d)->count, 1);
            assert_ok(door_load(d, person, personas[k].person, &p, NULL));
            assert_string_equal(p.role, promised[i].role);
        }
        assert_int_equal(found, 1);
    }
}

static void test_needs_are_open_or_confidential(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct door *d = open_space(a, house, "pole");
    size_t count = 0, confidential = 0, titanium = 0;
    struct need *needs = ALL_OF(d, need, &count);
    for (size_t i = 0; i < count; i++) {
        confidential += strcmp(needs[i].visibility, "confidential") == 0;
        if (strstr(needs[i].text, "Alésage 0,8 mm ± 2 µm en titane grade 5")) {
            titanium++;
            assert_int_equal(needs[i].size.lo, 800000);
            assert_int_equal(needs[i].size.hi, 800000);
            assert_int_equal(needs[i].tolerance, 2000);
            assert_int_equal(needs[i].volume, 5000);
            assert_int_equal(needs[i].max_km, 60);
        }
    }
    assert_int_equal(titanium, 1);
    assert_in_range(confidential, 3, count - 5);
}

/* The names behind a reference, or the codes of terms: what identifiers stand for. */
static void write_links(struct door *d, const struct field *f, const void *record, struct buffer *out)
{
    const struct term_list *terms = field_in(f, record);
    const int64_t *id = field_in(f, record);
    const char **names = NULL;
    if (f->kind == KIND_ref && *id) {
        assert_ok(door_names(d, record_type_find(f->to), id, 1, &names));
        buffer_text(out, names[0]);
    }
    for (size_t i = 0; f->kind == KIND_terms && i < terms->count; i++) {
        struct term term;
        assert_ok(door_load(d, term, terms->ids[i], &term, NULL));
        buffer_print(out, "%s ", term.code);
    }
}

/* A record as one line; fields named in `without` are left out. */
static const char *line_of(struct door *d, const struct record_type *type, const void *record,
                           const char *without)
{
    struct buffer *out = buffer_new(door_arena(d), LIMIT_RESPONSE);
    for (int i = 0; i < type->count; i++) {
        const struct field *f = &type->fields[i];
        if (strstr(without, f->name))
            continue;
        buffer_print(out, "\t%s=", f->name);
        if (f->kind == KIND_ref || f->kind == KIND_terms)
            write_links(d, f, record, out);
        else
            buffer_text(out, value_plain(f, door_arena(d), record));
    }
    return buffer_string(out);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Everything of a type in a space, one sorted line a record. */
static const char **lines_of(struct door *d, const struct record_type *type, const char *without,
                             size_t *count)
{
    const char *records = all_of(d, type, count);
    const char **lines = NEW(door_arena(d), const char *, *count + 1);
    for (size_t i = 0; i < *count; i++)
        lines[i] = line_of(d, type, records + i * type->size, without);
    qsort(lines, *count, sizeof *lines, by_text);
    return lines;
}

static void test_two_runs_are_alike(void **state)
{
    (void)state;
    struct house *again = NULL;
    assert_ok(demo_make(second));
    assert_ok(house_open(second, &again));
    for (size_t s = 0; s < house_count(house); s++)
        for (int t = 0; t < record_type_count; t++) {
            ARENA_SCOPE(a);
            size_t mine = 0, other = 0;
            const char *name = house_at(house, s)->name;
            const char **x = lines_of(open_space(a, house, name), all_record_types[t], "", &mine);
            const char **y = lines_of(open_space(a, again, name), all_record_types[t], "", &other);
            assert_int_equal(mine, other);
            for (size_t i = 0; i < mine; i++)
                assert_string_equal(x[i], y[i]);
        }
    house_close(again);
    remove_folder(second);
}

static bool contains(const char **lines, size_t count, const char *line)
{
    return bsearch(&line, lines, count, sizeof *lines, by_text);
}

/* Who is in two spaces has one profile; what a space adds of its own is left out. */
static void test_profiles_are_shared(void **state)
{
    (void)state;
    static const struct {
        const struct record_type *type;
        const char *own;
        size_t shared;
    } parts[] = {{&organisation_type, "joined note", 60},
                 {&capability_type, "confirmed_by", 120},
                 {&certificate_type, "-", 50}};
    for (size_t i = 0; i < COUNT(parts); i++) {
        ARENA_SCOPE(a);
        size_t count = 0, other = 0, shared = 0;
        const char **x = lines_of(open_space(a, house, "federation"), parts[i].type, parts[i].own, &count);
        const char **y = lines_of(open_space(a, house, "pole"), parts[i].type, parts[i].own, &other);
        for (size_t k = 0; k < count; k++)
            shared += contains(y, other, x[k]);
        assert_true(shared >= parts[i].shared);
    }
}

static void test_the_journal_holds(void **state)
{
    (void)state;
    for (size_t s = 0; s < house_count(house); s++) {
        ARENA_SCOPE(a);
        int64_t entries = 0, open = 0;
        struct door *d = open_space(a, house, house_at(house, s)->name);
        assert_ok(journal_verify(door_connection(d), &entries, &open));
        assert_true(entries > 500);
        assert_int_equal(open, 0);
    }
}

static void test_a_folder_in_use_is_left_alone(void **state)
{
    (void)state;
    char file[128], inside[160];
    int before = count_entries(first);
    assert_fault(demo_make(first), FAULT_CONFLICT);
    assert_int_equal(count_entries(first), before);
    (void)snprintf(file, sizeof file, "%s/file", scratch);
    FILE *f = fopen(file, "w");
    assert_non_null(f);
    assert_int_equal(fclose(f), 0);
    assert_fault(demo_make(file), FAULT_CONFLICT);
    assert_int_equal(unlink(file), 0);
    (void)snprintf(inside, sizeof inside, "%s/absent/demo", scratch);
    assert_fault(demo_make(inside), FAULT_IO);
    assert_int_equal(count_entries(scratch), 1);
}

static void test_an_empty_folder_is_taken(void **state)
{
    (void)state;
    assert_int_equal(mkdir(second, 0700), 0);
    assert_ok(demo_make(second));
    assert_int_equal(count_entries(scratch), 2);
    remove_folder(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_every_record_is_sound),
        cmocka_unit_test(test_a_third_is_poor_and_names_are_unique),
        cmocka_unit_test(test_sites_of_the_territory_are_in_its_five_communities),
        cmocka_unit_test(test_personas),
        cmocka_unit_test(test_needs_are_open_or_confidential),
        cmocka_unit_test(test_two_runs_are_alike),
        cmocka_unit_test(test_profiles_are_shared),
        cmocka_unit_test(test_the_journal_holds),
        cmocka_unit_test(test_a_folder_in_use_is_left_alone),
        cmocka_unit_test(test_an_empty_folder_is_taken),
    };
    return cmocka_run_group_tests(tests, set_up, clean_up);
}
