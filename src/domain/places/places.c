/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "places/places.h"

#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "number/checked.h"
#include "places_data.h"
#include "text/fold.h"

_Static_assert(sizeof(struct place_row) == 32, "tools/embed_places.py packs 32 bytes a place");
_Static_assert(sizeof(struct place_name) == 12 && sizeof(struct epci_row) == 16, "packed without gaps");

static const char *text_at(uint32_t offset)
{
    return place_texts + offset;
}

size_t places_count(void)
{
    return PLACE_ROWS_COUNT;
}

struct place place_at(size_t number)
{
    const struct place_row *row = &place_rows[number];
    bool located = row->lat_e5 != PLACE_UNKNOWN_DEGREES;
    bool counted = row->population != PLACE_UNKNOWN_POPULATION;
    return (struct place){
        .code = text_at(row->code),
        .name = text_at(row->name),
        .department = row->department == PLACE_NONE16 ? "" : text_at(department_rows[row->department].code),
        .epci = row->epci == PLACE_NONE16 ? "" : text_at(epci_rows[row->epci].code),
        .postcodes = text_at(row->postcodes),
        .country = {(char)(row->country >> 8), (char)(row->country & 0xFF), '\0'},
        .point = {located ? row->lat_e5 / 1e5 : UNKNOWN_REAL, located ? row->lon_e5 / 1e5 : UNKNOWN_REAL},
        .population = counted ? (int64_t)row->population : UNKNOWN_INTEGER,
        .approximate = row->origin != 0,
    };
}

/* First position in a table sorted by a text in its first column that is not before `key`. Every table of
 * places_rows.h but the postcodes begins with the offset of the text it is sorted by. */
static size_t first_not_before(const void *table, size_t count, size_t stride, struct slice key)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint32_t offset;
        memcpy(&offset, (const char *)table + middle * stride, sizeof offset);
        if (slice_compare(slice_of(text_at(offset)), key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The position of a code in a table sorted by code, or `count`. */
static size_t find_code(const void *table, size_t count, size_t stride, const char *code)
{
    size_t at = first_not_before(table, count, stride, slice_of(code));
    if (!code || at == count)
        return count;
    uint32_t offset;
    memcpy(&offset, (const char *)table + at * stride, sizeof offset);
    return strcmp(text_at(offset), code) == 0 ? at : count;
}

bool place_by_code(const char *code, struct place *out)
{
    size_t at = find_code(place_rows, PLACE_ROWS_COUNT, sizeof *place_rows, code);
    if (at < PLACE_ROWS_COUNT) {
        *out = place_at(at);
        return true;
    }
    size_t old = find_code(place_former, PLACE_FORMER_COUNT, sizeof *place_former, code);
    if (old == PLACE_FORMER_COUNT)
        return false;
    *out = place_at(place_former[old].place);
    return true;
}

/* Adds one word to a folded name, spelled out if it is an abbreviation. */
static size_t add_word(char *out, size_t len, struct slice word)
{
    if (len)
        out[len++] = ' ';
    if (slice_equal(word, S("st")))
        word = S("saint");
    else if (slice_equal(word, S("ste")))
        word = S("sainte");
    memcpy(out + len, word.ptr, word.len);
    return len + word.len;
}

struct slice places_fold(struct arena *a, struct slice name)
{
    struct slice folded = fold(a, name), word;
    char *out = NEW(a, char, folded.len * 3 + 2); /* "st" may become "saint" */
    size_t len = 0;
    for (size_t at = 0; next_word(folded, &at, &word);)
        len = add_word(out, len, word);
    return (struct slice){out, len};
}

/* "besancon cedex 9" → "besancon": the post's own word is no part of a name. */
static struct slice without_cedex(struct slice name)
{
    char *found = memmem(name.ptr, name.len, " cedex", 6);
    return found ? (struct slice){name.ptr, (size_t)(found - name.ptr)} : name;
}

/* Whether a '|'-parted list holds a postcode. */
static bool lists_postcode(const char *postcodes, const char *postcode)
{
    struct slice rest = slice_of(postcodes), one;
    while (slice_cut(&rest, '|', &one))
        if (slice_equal(one, slice_of(postcode)))
            return true;
    return false;
}

/* Whether a postcode could be of a department: 25030 of "25", 97410 of "974", 20090 of "2A" or "2B". */
static bool postcode_in_department(const char *postcode, const char *department)
{
    if (strncmp(postcode, "20", 2) == 0)
        return strcmp(department, "2A") == 0 || strcmp(department, "2B") == 0;
    size_t length = strncmp(postcode, "97", 2) == 0 || strncmp(postcode, "98", 2) == 0 ? 3 : 2;
    return strlen(department) == length && strncmp(postcode, department, length) == 0;
}

static bool in_area(const struct place *p, struct place_where where)
{
    return (!where.department || !*where.department || strcmp(p->department, where.department) == 0) &&
           (!where.country || !*where.country || strcmp(p->country, where.country) == 0);
}

/* Those that list the postcode, moved to the front; when none does, those its department may hold, and those
 * whose postcodes are unknown. */
static size_t narrow_to_postcode(struct place *places, size_t count, const char *postcode)
{
    size_t exact = 0, possible = 0;
    for (size_t i = 0; i < count; i++)
        if (lists_postcode(places[i].postcodes, postcode))
            places[exact++] = places[i];
    if (exact)
        return exact;
    for (size_t i = 0; i < count; i++)
        if (!*places[i].postcodes || postcode_in_department(postcode, places[i].department))
            places[possible++] = places[i];
    return possible;
}

/* Places the positions refer to, each once, in the order given. Lists are short: homonyms of one name. */
static size_t collect(struct arena *a, const struct place_name *names, size_t count, struct place_where where,
                      struct place **found)
{
    struct place *places = NEW(a, struct place, count + 1);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct place p = place_at(names[i].place);
        bool known = false;
        for (size_t k = 0; k < kept; k++)
            known |= places[k].code == p.code;
        if (!known && in_area(&p, where))
            places[kept++] = p;
    }
    *found = places;
    return kept;
}

size_t places_named(struct arena *a, struct slice name, struct place_where where, struct place **found)
{
    *found = NULL;
    struct slice key = without_cedex(places_fold(a, name));
    if (!key.len)
        return 0;
    size_t first = first_not_before(place_names, PLACE_NAMES_COUNT, sizeof *place_names, key), end = first;
    while (end < PLACE_NAMES_COUNT && slice_equal(slice_of(text_at(place_names[end].folded)), key))
        end++;
    size_t count = collect(a, place_names + first, end - first, where, found);
    return where.postcode && *where.postcode ? narrow_to_postcode(*found, count, where.postcode) : count;
}

/* How a suggestion ranks: a smaller key comes first. */
struct candidate {
    uint32_t place;
    bool longer, former, abroad;
    uint32_t population;
};

static int candidate_compare(const struct candidate *x, const struct candidate *y)
{
    if (x->former != y->former)
        return x->former - y->former;
    if (x->abroad != y->abroad)
        return x->abroad - y->abroad;
    if (x->longer != y->longer)
        return x->longer - y->longer;
    if (x->population != y->population)
        return x->population > y->population ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static struct candidate candidate_of(const struct place_name *name, struct slice key)
{
    const struct place_row *row = &place_rows[name->place];
    uint16_t france = 'F' << 8 | 'R', switzerland = 'C' << 8 | 'H';
    return (struct candidate){
        .place = name->place,
        .longer = text_at(name->folded)[key.len] != '\0',
        .former = name->kind == PLACE_NAME_FORMER,
        .abroad = row->country != france && row->country != switzerland,
        .population = row->population == PLACE_UNKNOWN_POPULATION ? 0 : row->population,
    };
}

/* Puts a candidate where it belongs among the best so far, unless its place is there already, better. */
static size_t keep_best(struct candidate *best, size_t count, size_t most, struct candidate c)
{
    for (size_t i = 0; i < count; i++)
        if (best[i].place == c.place) {
            if (candidate_compare(&best[i], &c) <= 0)
                return count;
            memmove(best + i, best + i + 1, (count - i - 1) * sizeof *best);
            count--;
            break;
        }
    if (count == most && candidate_compare(&best[count - 1], &c) <= 0)
        return count;
    size_t at = count < most ? count++ : most - 1;
    for (; at > 0 && candidate_compare(&c, &best[at - 1]) < 0; at--)
        best[at] = best[at - 1];
    best[at] = c;
    return count;
}

size_t places_starting(struct arena *a, struct slice prefix, size_t most, struct place **found)
{
    *found = NULL;
    struct slice key = places_fold(a, prefix);
    if (!key.len || !most)
        return 0;
    struct candidate *best = NEW(a, struct candidate, most + 1);
    size_t count = 0;
    for (size_t at = first_not_before(place_names, PLACE_NAMES_COUNT, sizeof *place_names, key);
         at < PLACE_NAMES_COUNT && strncmp(text_at(place_names[at].folded), key.ptr, key.len) == 0; at++)
        count = keep_best(best, count, most, candidate_of(&place_names[at], key));
    *found = NEW(a, struct place, count + 1);
    for (size_t i = 0; i < count; i++)
        (*found)[i] = place_at(best[i].place);
    return count;
}

size_t places_at_postcode(struct arena *a, const char *postcode, struct place **found)
{
    *found = NULL;
    if (!postcode || strspn(postcode, "0123456789") != 5 || postcode[5])
        return 0;
    uint32_t wanted = (uint32_t)strtoul(postcode, NULL, 10);
    size_t low = 0, high = PLACE_POSTCODES_COUNT;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (place_postcodes[middle].postcode < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    while (high < PLACE_POSTCODES_COUNT && place_postcodes[high].postcode == wanted)
        high++;
    *found = NEW(a, struct place, high - low + 1);
    for (size_t i = low; i < high; i++)
        (*found)[i - low] = place_at(place_postcodes[i].place);
    return high - low;
}

static bool row_inside(const struct place_row *r, struct geo_point low, struct geo_point high)
{
    return r->lat_e5 != PLACE_UNKNOWN_DEGREES && r->origin == 0 &&
           r->population != PLACE_UNKNOWN_POPULATION && r->lat_e5 >= low.lat * 1e5 &&
           r->lat_e5 <= high.lat * 1e5 && r->lon_e5 >= low.lon * 1e5 && r->lon_e5 <= high.lon * 1e5;
}

size_t places_inside(struct arena *a, struct geo_point south_west, struct geo_point north_east, size_t most,
                     struct place **found)
{
    struct candidate *best = NEW(a, struct candidate, most + 1);
    size_t count = 0;
    for (uint32_t i = 0; most && i < PLACE_ROWS_COUNT; i++)
        if (row_inside(&place_rows[i], south_west, north_east))
            count = keep_best(best, count, most,
                              (struct candidate){.place = i, .population = place_rows[i].population});
    *found = NEW(a, struct place, count + 1);
    for (size_t i = 0; i < count; i++)
        (*found)[i] = place_at(best[i].place);
    return count;
}

size_t epci_count(void)
{
    return EPCI_ROWS_COUNT;
}

struct epci epci_at(size_t number)
{
    const struct epci_row *row = &epci_rows[number];
    return (struct epci){text_at(row->code), text_at(row->name), (int)row->count};
}

bool epci_by_code(const char *code, struct epci *out)
{
    size_t at = find_code(epci_rows, EPCI_ROWS_COUNT, sizeof *epci_rows, code);
    if (at == EPCI_ROWS_COUNT)
        return false;
    *out = epci_at(at);
    return true;
}

/* Takes a kind and an article off the front, as they are left out of the index. */
static struct slice without_kind(struct slice folded)
{
    static const char *const fronts[] = {"communaute de communes ",
                                         "communaute d agglomeration ",
                                         "cc ",
                                         "ca ",
                                         "communaute urbaine ",
                                         "metropole ",
                                         "cu ",
                                         "me ",
                                         "du ",
                                         "de la ",
                                         "de l ",
                                         "des ",
                                         "de ",
                                         "d "};
    for (size_t i = 0; i < COUNT(fronts); i++)
        if (slice_starts(folded, slice_of(fronts[i])))
            folded = slice_from(folded, strlen(fronts[i]));
    return folded;
}

static size_t epci_of_key(struct arena *a, struct slice key, struct epci **found)
{
    size_t first = first_not_before(epci_names, EPCI_NAMES_COUNT, sizeof *epci_names, key), end = first;
    while (end < EPCI_NAMES_COUNT && slice_equal(slice_of(text_at(epci_names[end].folded)), key))
        end++;
    *found = NEW(a, struct epci, end - first + 1);
    for (size_t i = first; i < end; i++)
        (*found)[i - first] = epci_at(epci_names[i].epci);
    return end - first;
}

size_t epci_named(struct arena *a, struct slice name, struct epci **found)
{
    struct slice key = places_fold(a, name);
    *found = NULL;
    if (!key.len)
        return 0;
    size_t count = epci_of_key(a, key, found);
    return count ? count : epci_of_key(a, without_kind(key), found);
}

size_t epci_communes(struct arena *a, const char *code, struct place **found)
{
    *found = NULL;
    size_t at = find_code(epci_rows, EPCI_ROWS_COUNT, sizeof *epci_rows, code);
    if (at == EPCI_ROWS_COUNT)
        return 0;
    const struct epci_row *row = &epci_rows[at];
    *found = NEW(a, struct place, row->count + 1);
    for (size_t i = 0; i < row->count; i++)
        (*found)[i] = place_at(epci_members[row->first + i]);
    return row->count;
}

const char *department_name(const char *code)
{
    size_t at = find_code(department_rows, DEPARTMENT_ROWS_COUNT, sizeof *department_rows, code);
    return at == DEPARTMENT_ROWS_COUNT ? NULL : text_at(department_rows[at].name);
}

const char *department_region(const char *code)
{
    size_t at = find_code(department_rows, DEPARTMENT_ROWS_COUNT, sizeof *department_rows, code);
    if (at == DEPARTMENT_ROWS_COUNT)
        return NULL;
    const char *region = text_at(department_rows[at].region);
    return *region ? region : NULL;
}
