/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_cells.c - cells as people write them: identifiers with spaces, headcounts in bands, lists of
 * know-how. */
#include <ctype.h>
#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "imports/import_fields.h"
#include "text/fold.h"

/* Without the spaces, dots and hyphens people put between groups of digits. */
static struct slice compact(struct arena *a, struct slice s)
{
    struct slice folded = fold(a, s);
    char *out = NEW(a, char, folded.len + 1);
    size_t length = 0;
    for (size_t i = 0; i < folded.len; i++)
        if (!strchr(" .-_", folded.ptr[i]))
            out[length++] = folded.ptr[i];
    return (struct slice){out, length};
}

struct fault *read_identifier(struct import_line *l, const struct field *f, struct slice cell, void *record)
{
    return value_parse(f, l->arena, compact(l->arena, cell), record);
}

/* "2562b" is "25.62B". */
struct fault *read_naf(struct import_line *l, const struct field *f, struct slice cell, void *record)
{
    struct slice code = compact(l->arena, cell);
    char *last = code.len ? (char *)(uintptr_t)(code.ptr + code.len - 1) : NULL;
    if (last)
        *last = (char)toupper((unsigned char)*last);
    if (code.len != 5)
        return value_parse(f, l->arena, cell, record);
    return value_parse(f, l->arena, slice_of(arena_print(l->arena, "%.2s.%.3s", code.ptr, code.ptr + 2)),
                       record);
}

struct fault *read_website(struct import_line *l, const struct field *f, struct slice cell, void *record)
{
    if (!memmem(cell.ptr, cell.len, "://", 3))
        cell = slice_of(arena_print(l->arena, "https://%.*s", SLICE_ARGS(cell)));
    return value_parse(f, l->arena, cell, record);
}

/* A year alone is its first day, as "mars 2026" is. */
struct fault *read_year_or_day(struct import_line *l, const struct field *f, struct slice cell, void *record)
{
    bool year = cell.len == 4;
    for (size_t i = 0; i < cell.len && year; i++)
        year = isdigit((unsigned char)cell.ptr[i]);
    if (year)
        cell = slice_of(arena_print(l->arena, "%.4s-01-01", cell.ptr));
    return value_parse(f, l->arena, cell, record);
}

/* --- how many people ------------------------------------------------------------------------------- */

static const char *class_of(int64_t people)
{
    return people < 10 ? "micro" : people < 50 ? "small" : people < 250 ? "medium" : "large";
}

/* "10 à 19 salariés", "50-99", "moins de 10", "250 et plus": both ends in one class, or it does not say. */
static const char *class_of_band(struct arena *a, struct slice cell)
{
    struct slice folded = fold(a, cell);
    int64_t ends[2] = {UNKNOWN_INTEGER, UNKNOWN_INTEGER};
    int count = 0;
    for (size_t i = 0; i < folded.len;) {
        if (!isdigit((unsigned char)folded.ptr[i])) {
            i++;
            continue;
        }
        int64_t number = 0;
        for (; i < folded.len && isdigit((unsigned char)folded.ptr[i]) && number < 10000000; i++)
            number = number * 10 + folded.ptr[i] - '0';
        if (count == 2)
            return NULL;
        ends[count++] = number;
    }
    const char *text = slice_text(a, folded);
    bool below = strstr(text, "moins") || strstr(text, "less") || strstr(text, "fewer") || strchr(text, '<');
    bool above = strstr(text, "plus") || strstr(text, "more") || strstr(text, "over") || strpbrk(text, "+>");
    if (count == 1 && below)
        return ends[0] <= 10 ? "micro" : NULL;
    if (count == 1 && above)
        return ends[0] >= 249 ? "large" : NULL;
    return count == 2 && strcmp(class_of(ends[0]), class_of(ends[1])) == 0 ? class_of(ends[0]) : NULL;
}

struct fault *read_headcount(struct import_line *l, const struct field *f, struct slice cell, void *record)
{
    struct fault *not_a_number = value_parse(f, l->arena, cell, record);
    if (!not_a_number)
        return NULL;
    const char *band = class_of_band(l->arena, cell);
    if (!band)
        return value_parse(f, l->arena, cell, record); /* the fault again: its slot may have been reused */
    l->organisation.size_class = band;
    return NULL;
}

/* A label, a band, an INSEE code, or the usual words; what tells no class apart (PME) is left unknown. */
struct fault *read_size_class(struct import_line *l, const struct field *f, struct slice cell, void *record)
{
    static const struct {
        const char *word, *size_class;
    } words[] = {{"tpe", "micro"}, {"micro-entreprise", "micro"},
                 {"ge", "large"},  {"grande entreprise", "large"},
                 {"pme", NULL},    {"eti", NULL},
                 {"nn", NULL},     {"sme", NULL}};
    struct slice folded = fold(l->arena, cell);
    const char **out = field_at(f, record);
    for (size_t i = 0; i < COUNT(words); i++)
        if (slice_equal(folded, slice_of(words[i].word))) {
            *out = words[i].size_class;
            return NULL;
        }
    *out = register_size_class(cell);
    if (!*out)
        *out = class_of_band(l->arena, cell);
    return *out ? NULL : value_parse(f, l->arena, cell, record);
}

/* --- places ---------------------------------------------------------------------------------------- */

struct fault *read_coordinates(struct import_line *l, const struct field *f, struct slice cell, void *record)
{
    struct site *site = record;
    bool semicolon = memchr(cell.ptr, ';', cell.len), comma = memchr(cell.ptr, ',', cell.len);
    char separator = (char)(semicolon ? ';' : comma ? ',' : ' ');
    struct slice rest = cell, lat = {0}, lon = {0};
    if (slice_cut(&rest, separator, &lat) && rest.ptr && (lon = slice_trim(rest)).len) {
        TRY(value_parse(f, l->arena, lat, site));
        return value_parse(field_find(&site_type, "lon"), l->arena, lon, site);
    }
    return fault(FAULT_INVALID, "%s: two numbers are expected, as in 47.24, 6.02.", tr(f->label));
}

/* Its two letters, NULL when the text is no country's name. */
static const char *country_named(struct arena *a, struct slice text)
{
    static const struct {
        const char *names, *code;
    } countries[] = {{"france", "FR"},
                     {"suisse|switzerland|schweiz", "CH"},
                     {"allemagne|germany|deutschland", "DE"},
                     {"italie|italy", "IT"},
                     {"belgique|belgium", "BE"},
                     {"luxembourg", "LU"},
                     {"autriche|austria", "AT"},
                     {"espagne|spain", "ES"},
                     {"portugal", "PT"},
                     {"pays-bas|netherlands", "NL"},
                     {"royaume-uni|united kingdom|uk", "GB"},
                     {"etats-unis|united states|usa", "US"},
                     {"japon|japan", "JP"},
                     {"chine|china", "CN"},
                     {"liechtenstein", "LI"}};
    struct slice folded = fold(a, text);
    for (size_t i = 0; i < COUNT(countries); i++) {
        struct slice rest = slice_of(countries[i].names), name;
        while (slice_cut(&rest, '|', &name))
            if (slice_equal(name, folded))
                return countries[i].code;
    }
    if (text.len != 2 || !isalpha((unsigned char)text.ptr[0]) || !isalpha((unsigned char)text.ptr[1]))
        return NULL;
    char *code = slice_text(a, text);
    code[0] = (char)toupper((unsigned char)code[0]);
    code[1] = (char)toupper((unsigned char)code[1]);
    return code;
}

struct fault *read_country(struct import_line *l, const struct field *f, struct slice cell, void *record)
{
    const char *code = country_named(l->arena, cell);
    if (!code)
        return fault(FAULT_INVALID, "%s: a country or its two letters are expected.", tr(f->label));
    return value_parse(f, l->arena, slice_of(code), record);
}

/* "Le Locle, Suisse" and "Le Locle (CH)" without their country, which the site then has. */
static struct slice cut_country(struct arena *a, struct slice cell, struct site *site)
{
    bool bracket = cell.len && cell.ptr[cell.len - 1] == ')';
    const char *from = memrchr(cell.ptr, bracket ? '(' : ',', cell.len);
    if (!from || from == cell.ptr)
        return cell;
    size_t before = (size_t)(from - cell.ptr);
    const char *code =
        country_named(a, slice_trim((struct slice){from + 1, cell.len - before - 1 - (bracket ? 1 : 0)}));
    if (!code)
        return cell;
    if (!site->country)
        site->country = code;
    return slice_trim((struct slice){cell.ptr, before});
}

/* "25000 Besançon" says both, and so does "Le Locle, Suisse". */
struct fault *read_commune(struct import_line *l, const struct field *f, struct slice cell, void *record)
{
    struct site *site = record;
    size_t digits = 0;
    while (digits < cell.len && isdigit((unsigned char)cell.ptr[digits]))
        digits++;
    if ((digits == 5 || digits == 4) && digits < cell.len && cell.ptr[digits] == ' ') {
        if (!site->postcode)
            site->postcode = arena_text(l->arena, cell.ptr, digits);
        cell = slice_trim(slice_from(cell, digits));
    }
    return value_parse(f, l->arena, cut_country(l->arena, cell, site), record);
}

/* --- lists of terms -------------------------------------------------------------------------------- */

static void add_term(struct arena *a, struct term_list *list, int64_t id)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->ids[i] == id)
            return;
    if (list->count >= LIMIT_TERMS)
        return;
    list->ids = arena_grow(a, list->ids, list->count, list->count + 1, sizeof *list->ids, alignof(int64_t));
    size_t at = list->count++; /* kept sorted: two lists of the same terms are equal */
    for (; at > 0 && list->ids[at - 1] > id; at--)
        list->ids[at] = list->ids[at - 1];
    list->ids[at] = id;
}

static void note_unknown(struct import_unknown *u, struct slice piece)
{
    enum { MOST = 100, LONGEST = 80 };
    if (u->count == MOST || piece.len == 0 || piece.len > LONGEST)
        return;
    for (size_t i = 0; i < u->count; i++)
        if (slice_equal(slice_of(u->texts[i]), piece))
            return;
    *PUSH(u->arena, u->texts, u->count, u->capacity) = slice_text(u->arena, piece);
}

/* Where the pieces of a cell go. */
struct pieces {
    struct import_line *line;
    const char *facets;
    struct term_list *list; /* NULL: the know-how's list of the term's own facet */
    bool listed;            /* what names no term is told in the report */
    const char **kept;      /* and stays as words of the firm here; NULL: it does not */
    bool dated;             /* may have expired */
};

/* The next piece at a level of separators; the last level is the word "et" or "and". */
static bool next_piece(struct slice *rest, int level, struct slice *piece)
{
    static const char *const separators[] = {";|\n\r\t", ",/", NULL};
    static const struct {
        const char *word;
        size_t length;
    } words[] = {{" et ", 4}, {" and ", 5}, {" & ", 3}};
    if (!rest->ptr)
        return false;
    size_t end = rest->len, skip = 0;
    for (size_t i = 0; separators[level] && i < end; i++)
        if (strchr(separators[level], rest->ptr[i])) {
            end = i;
            skip = 1;
        }
    for (size_t w = 0; !separators[level] && w < COUNT(words); w++) {
        const char *found = memmem(rest->ptr, end, words[w].word, words[w].length);
        if (found) {
            end = (size_t)(found - rest->ptr);
            skip = words[w].length;
        }
    }
    *piece = slice_trim((struct slice){rest->ptr, end});
    *rest = skip ? slice_from(*rest, end + skip) : (struct slice){NULL, 0};
    return true;
}

static void append_text(struct arena *a, const char **text, struct slice more)
{
    *text = *text ? arena_print(a, "%s; %.*s", *text, SLICE_ARGS(more)) : arena_text(a, more.ptr, more.len);
}

static struct term_list *list_of(struct capability *c, const char *facet)
{
    return strcmp(facet, "process") == 0    ? &c->processes
           : strcmp(facet, "material") == 0 ? &c->materials
                                            : &c->components;
}

/* "ISO 9001 (échu)": it was held, and says nothing of today. */
static bool expired(struct slice piece)
{
    static const char *const endings[] = {"(échu)", "(expiré)", "(périmé)", "(expired)"};
    for (size_t i = 0; i < COUNT(endings); i++) {
        size_t length = strlen(endings[i]);
        if (piece.len > length && memcmp(piece.ptr + piece.len - length, endings[i], length) == 0)
            return true;
    }
    return false;
}

static void take(const struct pieces *p, int64_t term, const char *facet, struct slice piece)
{
    if (p->dated && expired(piece))
        return;
    if (term)
        add_term(p->line->arena, p->list ? p->list : list_of(&p->line->capability, facet), term);
    if (p->kept)
        append_text(p->line->arena, &p->line->words, piece);
    if (!term && p->listed)
        note_unknown(p->line->unknown, piece);
    if (!term && p->kept)
        append_text(p->line->arena, p->kept, piece);
}

/* The cell whole when it names a term, else its pieces, level by level. */
static void each_piece(const struct pieces *p, struct slice cell, int level)
{
    enum { LEVELS = 3 };
    const char *facet = NULL;
    int64_t term = import_term(p->line->terms, cell, p->facets, &facet);
    struct slice rest = cell, piece;
    bool split = false;
    for (; !term && level < LEVELS && !split; level++) {
        rest = cell;
        split = next_piece(&rest, level, &piece) && rest.ptr;
    }
    if (cell.len && !split)
        take(p, term, facet, cell);
    for (rest = cell; split && next_piece(&rest, level - 1, &piece);)
        each_piece(p, piece, level);
}

struct fault *read_term_cell(struct import_line *l, const struct field *f, struct slice cell, void *record)
{
    bool own_words = record == &l->capability; /* an organisation has no place for words beside its markets */
    each_piece(
        &(struct pieces){l, f->to, field_at(f, record), true, own_words ? &l->capability.description : NULL},
        cell, 0);
    return NULL;
}

struct fault *read_certifications(struct import_line *l, const struct field *f, struct slice cell,
                                  void *record)
{
    (void)f, (void)record;
    each_piece(&(struct pieces){l, "certification", &l->certifications, .listed = true, .dated = true}, cell,
               0);
    return NULL;
}

/* The words stay whole; the lists of terms take the pieces they know. */
static void take_all_facets(struct import_line *l, struct slice cell)
{
    each_piece(&(struct pieces){.line = l, .facets = "process|material|component"}, cell, 0);
}

struct fault *read_know_how(struct import_line *l, const struct field *f, struct slice cell, void *record)
{
    (void)f, (void)record;
    append_text(l->arena, &l->capability.description, cell);
    take_all_facets(l, cell);
    return NULL;
}

struct fault *read_activity(struct import_line *l, const struct field *f, struct slice cell, void *record)
{
    TRY(value_parse(f, l->arena, cell, record));
    take_all_facets(l, cell);
    return NULL;
}

struct fault *read_first_name(struct import_line *l, const struct field *f, struct slice cell, void *record)
{
    (void)f, (void)record;
    l->first_name = slice_text(l->arena, cell);
    return NULL;
}
