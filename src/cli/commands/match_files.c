/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "commands/match_files.h"

#include <stdio.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "places/places.h"
#include "record/record.h"
#include "table/table.h"
#include "text/buffer.h"
#include "text/fold.h"

enum column {
    COLUMN_ID,
    COLUMN_NAME,
    COLUMN_TEXT,
    COLUMN_PROCESSES,
    COLUMN_MATERIALS,
    COLUMN_COMPONENTS,
    COLUMN_MARKETS,
    COLUMN_SKILLS,
    COLUMN_CERTIFICATIONS,
    COLUMN_NOT_CERTIFIED,
    COLUMN_SIZE_MIN,
    COLUMN_SIZE_MAX,
    COLUMN_TOLERANCE,
    COLUMN_IT_GRADE,
    COLUMN_BATCH_MIN,
    COLUMN_BATCH_MAX,
    COLUMN_VOLUME_MAX,
    COLUMN_FREE_CAPACITY,
    COLUMN_VOLUME,
    COLUMN_QUANTITY,
    COLUMN_MAX_KM,
    COLUMN_DEADLINE,
    COLUMN_COMMUNE,
    COLUMN_LAT,
    COLUMN_LON,
    COLUMN_EXCLUDED,
    COLUMN_COUNT
};

/* Headers that mean each column; the first is its name. Folded comparison. */
static const char *const headers[COLUMN_COUNT][12] = {
    [COLUMN_ID] = {"id", "firm", "need", "identifiant", "code", "firm_id", "need_id", "numero", "ref"},
    [COLUMN_NAME] = {"name", "nom", "raison_sociale", "raison sociale", "denomination", "titre", "title"},
    [COLUMN_TEXT] = {"text", "texte", "description", "besoin", "activite", "resume", "summary",
                     "savoir-faire", "need_text"},
    [COLUMN_PROCESSES] = {"processes", "process", "procedes", "procede", "metiers"},
    [COLUMN_MATERIALS] = {"materials", "material", "materiaux", "matieres", "matiere"},
    [COLUMN_COMPONENTS] = {"components", "component", "composants", "composant", "pieces"},
    [COLUMN_MARKETS] = {"markets", "market", "marches", "marche", "secteurs"},
    [COLUMN_SKILLS] = {"skills", "competences"},
    [COLUMN_CERTIFICATIONS] = {"certifications", "certification", "certificats"},
    [COLUMN_NOT_CERTIFIED] = {"not_certified", "non_certifie", "certifications_absentes"},
    [COLUMN_SIZE_MIN] = {"size_min", "taille_min", "dimension_min"},
    [COLUMN_SIZE_MAX] = {"size_max", "taille_max", "dimension_max"},
    [COLUMN_TOLERANCE] = {"tolerance", "tolerances", "precision"},
    [COLUMN_IT_GRADE] = {"it_grade", "it", "grade"},
    [COLUMN_BATCH_MIN] = {"batch_min", "serie_min", "lot_min"},
    [COLUMN_BATCH_MAX] = {"batch_max", "serie_max", "lot_max"},
    [COLUMN_VOLUME_MAX] = {"volume_max", "capacity", "capacite"},
    [COLUMN_FREE_CAPACITY] = {"free_capacity", "capacite_libre"},
    [COLUMN_VOLUME] = {"volume", "volume_mensuel"},
    [COLUMN_QUANTITY] = {"quantity", "quantite"},
    [COLUMN_MAX_KM] = {"max_km", "km_max", "distance_max"},
    [COLUMN_DEADLINE] = {"deadline", "delai", "echeance", "avant"},
    [COLUMN_COMMUNE] = {"commune", "ville", "place", "lieu", "city"},
    [COLUMN_LAT] = {"lat", "latitude"},
    [COLUMN_LON] = {"lon", "lng", "longitude"},
    [COLUMN_EXCLUDED] = {"excluded", "exclus", "exclu"},
};

/* One file being read. */
struct source {
    struct arena *arena;
    const struct lexicon *lexicon;
    struct stemming *stemming;
    struct table *table;
    const char *path;
    int columns[COLUMN_COUNT]; /* in the file; -1: absent */
    struct slice *cells;
    int64_t line;
};

static int find_column(const struct source *t, enum column c)
{
    for (const char *const *h = headers[c]; h < headers[c] + COUNT(headers[c]) && *h; h++) {
        int found = table_column_find(t->table, *h);
        if (found >= 0)
            return found;
    }
    return -1;
}

static struct fault *open_source(struct source *t)
{
    TRY(table_open(t->arena, t->path, NULL, &t->table));
    for (int c = 0; c < COLUMN_COUNT; c++)
        t->columns[c] = find_column(t, (enum column)c);
    if (t->columns[COLUMN_ID] < 0)
        return fault(FAULT_INVALID, "%s, line 1: there is no column \"id\".", t->path);
    if (t->columns[COLUMN_TEXT] < 0 && t->columns[COLUMN_PROCESSES] < 0)
        return fault(FAULT_INVALID, "%s, line 1: there is no column \"text\".", t->path);
    return NULL;
}

static struct slice cell(const struct source *t, enum column c)
{
    return t->columns[c] < 0 ? (struct slice){"", 0} : t->cells[t->columns[c]];
}

static struct slice kept(const struct source *t, enum column c)
{
    struct slice s = cell(t, c);
    return (struct slice){arena_text(t->arena, s.ptr, s.len), s.len};
}

static void warn(const struct source *t, enum column c, const char *why)
{
    struct slice s = cell(t, c);
    (void)fprintf(stderr, tr("%s, line %lld, column \"%s\": %s (\"%.*s\").\n"), t->path, (long long)t->line,
                  table_column(t->table, t->columns[c]), why, SLICE_ARGS(s));
}

/* The next row that can be read; bad ones are named on the way. */
static struct fault *next_row(struct source *t, bool *more)
{
    for (;;) {
        struct fault *f = table_next(t->table, &t->cells, &t->line, more);
        if (!f)
            return NULL;
        if (!*more)
            return f;
        (void)fprintf(stderr, "%s: %s\n", t->path, f->text);
    }
}

static int64_t integer_cell(const struct source *t, enum column c, int64_t least)
{
    int64_t value;
    if (!cell(t, c).len)
        return UNKNOWN_INTEGER;
    if (integer_parse(cell(t, c), &value) && value >= least)
        return value;
    warn(t, c, tr("not a number that makes sense here"));
    return UNKNOWN_INTEGER;
}

static int64_t length_cell(const struct source *t, enum column c)
{
    int64_t value;
    if (!cell(t, c).len)
        return UNKNOWN_INTEGER;
    if (length_parse(cell(t, c), &value) && value > 0)
        return value;
    warn(t, c, tr("not a length"));
    return UNKNOWN_INTEGER;
}

static double real_cell(const struct source *t, enum column c, double least, double most)
{
    double value;
    if (!cell(t, c).len)
        return UNKNOWN_REAL;
    if (real_parse(cell(t, c), &value) && value >= least && value <= most)
        return value;
    warn(t, c, tr("not a number that makes sense here"));
    return UNKNOWN_REAL;
}

/* "± 3 µm", or a grade: "IT7", "h6". */
static void tolerance_cell(const struct source *t, int64_t *tolerance, int64_t *grade)
{
    ARENA_SCOPE(scratch);
    struct slice typed = cell(t, COLUMN_TOLERANCE);
    struct reading *read;
    if (!typed.len || (length_parse(typed, tolerance) && *tolerance > 0))
        return;
    *tolerance = UNKNOWN_INTEGER;
    struct fault *f = read_text(scratch, t->lexicon, t->stemming, typed, 0, NULL, &read);
    for (int i = 0; !f && i < read->count; i++)
        if (read->facts[i].kind == FACT_GRADE) {
            *grade = read->facts[i].low;
            return;
        } else if (read->facts[i].kind == FACT_TOLERANCE) {
            *tolerance = read->facts[i].low;
            return;
        }
    warn(t, COLUMN_TOLERANCE, tr("not a tolerance"));
}

struct terms {
    int *list, count, capacity;
};

/* Terms that the cell names, separated by | or ;. Names that are no known term stay words of the text. */
static void terms_cell(const struct source *t, enum column c, enum facet facet, struct terms *out,
                       struct buffer *words)
{
    struct slice rest = cell(t, c), name;
    while (rest.len && slice_cut(&rest, '|', &name)) {
        const int *terms;
        int n = lexicon_name(t->lexicon, t->arena, t->stemming, facet, slice_trim(name), &terms);
        for (int i = 0; i < n; i++)
            *PUSH(t->arena, out->list, out->count, out->capacity) = terms[i];
        if (words) {
            buffer_text(words, ". ");
            buffer_slice(words, slice_trim(name));
        }
    }
}

static bool says_none(struct slice s)
{
    static const char *const none[] = {"aucune", "aucun", "none", "neant", "non", "no", "-", "0", NULL};
    ARENA_SCOPE(scratch);
    struct slice folded = fold(scratch, s);
    for (const char *const *n = none; *n; n++)
        if (slice_equal(folded, slice_of(*n)))
            return true;
    return false;
}

static bool find_place(void *context, struct slice name, struct geo_point *out)
{
    (void)context;
    ARENA_SCOPE(scratch);
    struct place *found;
    size_t n = places_named(scratch, name, (struct place_where){0}, &found);
    for (size_t i = 0; i < n; i++)
        if (known_real(found[i].point.lat)) {
            *out = found[i].point;
            return true;
        }
    return false;
}

const struct reading_places match_places = {find_place, NULL};

static struct geo_point point_cells(const struct source *t)
{
    struct geo_point p = {real_cell(t, COLUMN_LAT, -90, 90), real_cell(t, COLUMN_LON, -180, 180)};
    if (known_real(p.lat) != known_real(p.lon)) {
        warn(t, known_real(p.lat) ? COLUMN_LAT : COLUMN_LON, tr("latitude and longitude go together"));
        return (struct geo_point){UNKNOWN_REAL, UNKNOWN_REAL};
    }
    if (!known_real(p.lat) && cell(t, COLUMN_COMMUNE).len && !find_place(NULL, cell(t, COLUMN_COMMUNE), &p))
        warn(t, COLUMN_COMMUNE, tr("no place of that name"));
    return p;
}

/* The first row of a firm makes it; later ones only add to what they know more of. */
static int firm_of_row(struct source *t, struct match_firms *out)
{
    uint32_t number = vocabulary_add(out->ids, cell(t, COLUMN_ID));
    if (number < (uint32_t)out->firm_count)
        return (int)number;
    *PUSH(t->arena, out->firms, out->firm_count, out->firm_capacity) =
        (struct match_firm){.id = vocabulary_text(out->ids, number),
                            .name = kept(t, COLUMN_NAME),
                            .point = {UNKNOWN_REAL, UNKNOWN_REAL}};
    return (int)number;
}

static void add_terms(struct arena *a, const int **list, int *count, const struct terms *more)
{
    int *all = NEW(a, int, *count + more->count + 1);
    if (*count)
        memcpy(all, *list, (size_t)*count * sizeof *all);
    if (more->count)
        memcpy(all + *count, more->list, (size_t)more->count * sizeof *all);
    *list = all;
    *count += more->count;
}

static void read_firm_cells(struct source *t, struct match_firm *f)
{
    struct terms held = {0}, absent = {0};
    if (says_none(cell(t, COLUMN_CERTIFICATIONS)))
        f->certificates_complete = true;
    else
        terms_cell(t, COLUMN_CERTIFICATIONS, FACET_CERTIFICATION, &held, NULL);
    terms_cell(t, COLUMN_NOT_CERTIFIED, FACET_CERTIFICATION, &absent, NULL);
    f->certificates_complete |= cell(t, COLUMN_CERTIFICATIONS).len > 0;
    add_terms(t->arena, &f->held, &f->held_count, &held);
    add_terms(t->arena, &f->absent, &f->absent_count, &absent);
    struct geo_point p = point_cells(t);
    if (known_real(p.lat))
        f->point = p;
}

static void read_capability(struct source *t, int firm, struct match_firms *out)
{
    struct match_capability c = match_capability_empty(firm);
    struct terms terms = {0};
    struct buffer *text = buffer_new(t->arena, 2 * LIMIT_CSV_FIELD);
    buffer_slice(text, cell(t, COLUMN_TEXT));
    terms_cell(t, COLUMN_PROCESSES, FACET_PROCESS, &terms, text);
    terms_cell(t, COLUMN_MATERIALS, FACET_MATERIAL, &terms, text);
    terms_cell(t, COLUMN_COMPONENTS, FACET_COMPONENT, &terms, text);
    terms_cell(t, COLUMN_MARKETS, FACET_MARKET, &terms, text);
    terms_cell(t, COLUMN_SKILLS, FACET_SKILL, &terms, text);
    c.text = buffer_view(text);
    c.terms = terms.list;
    c.term_count = terms.count;
    c.size_min = length_cell(t, COLUMN_SIZE_MIN);
    c.size_max = length_cell(t, COLUMN_SIZE_MAX);
    if (known_integer(c.size_min) && known_integer(c.size_max) && c.size_min > c.size_max) {
        warn(t, COLUMN_SIZE_MIN, tr("larger than the largest size"));
        c.size_min = c.size_max = UNKNOWN_INTEGER;
    }
    tolerance_cell(t, &c.tolerance, &c.it_grade);
    if (!known_integer(c.it_grade))
        c.it_grade = integer_cell(t, COLUMN_IT_GRADE, -1);
    c.batch_min = integer_cell(t, COLUMN_BATCH_MIN, 0);
    c.batch_max = integer_cell(t, COLUMN_BATCH_MAX, 0);
    c.volume_max = integer_cell(t, COLUMN_FREE_CAPACITY, 0);
    if (!known_integer(c.volume_max))
        c.volume_max = integer_cell(t, COLUMN_VOLUME_MAX, 0);
    *PUSH(t->arena, out->capabilities, out->capability_count, out->capability_capacity) = c;
}

struct fault *match_read_firms(struct arena *a, const struct lexicon *x, const char *path,
                               struct match_firms *out)
{
    struct source t = {.arena = a, .lexicon = x, .stemming = stemming_new(a), .path = path};
    *out = (struct match_firms){.ids = vocabulary_new(a)};
    TRY(open_source(&t));
    for (bool more;;) {
        TRY(next_row(&t, &more));
        if (!more)
            break;
        TRY(arena_check(a));
        if (!cell(&t, COLUMN_ID).len) {
            warn(&t, COLUMN_ID, tr("a firm without id is left out"));
            continue;
        }
        int firm = firm_of_row(&t, out);
        read_firm_cells(&t, &out->firms[firm]);
        read_capability(&t, firm, out);
    }
    return out->firm_count ? NULL : fault(FAULT_INVALID, "%s: no firm in this file.", path);
}

static void read_excluded(struct source *t, const struct match_firms *firms, struct match_need *n)
{
    struct terms list = {0};
    struct slice rest = cell(t, COLUMN_EXCLUDED), id;
    while (rest.len && slice_cut(&rest, '|', &id)) {
        uint32_t number = vocabulary_find(firms->ids, slice_trim(id));
        if (number == VOCABULARY_NONE)
            warn(t, COLUMN_EXCLUDED, tr("no such firm"));
        else
            *PUSH(t->arena, list.list, list.count, list.capacity) = (int)number;
    }
    n->excluded = list.list;
    n->excluded_count = list.count;
}

static int64_t date_cell(const struct source *t, enum column c)
{
    int64_t day;
    if (!cell(t, c).len)
        return UNKNOWN_INTEGER;
    if (date_parse(cell(t, c), &day))
        return day;
    warn(t, c, tr("not a date"));
    return UNKNOWN_INTEGER;
}

static struct match_need read_need_row(struct source *t, const struct match_firms *firms)
{
    struct match_need n = match_need_empty();
    struct terms wanted = {0}, required = {0};
    n.text = kept(t, COLUMN_TEXT);
    terms_cell(t, COLUMN_PROCESSES, FACET_PROCESS, &wanted, NULL);
    terms_cell(t, COLUMN_MATERIALS, FACET_MATERIAL, &wanted, NULL);
    terms_cell(t, COLUMN_COMPONENTS, FACET_COMPONENT, &wanted, NULL);
    terms_cell(t, COLUMN_MARKETS, FACET_MARKET, &wanted, NULL);
    terms_cell(t, COLUMN_CERTIFICATIONS, FACET_CERTIFICATION, &required, NULL);
    n.terms = wanted.list;
    n.term_count = wanted.count;
    n.required = required.list;
    n.required_count = required.count;
    n.size_min = length_cell(t, COLUMN_SIZE_MIN);
    n.size_max = length_cell(t, COLUMN_SIZE_MAX);
    tolerance_cell(t, &n.tolerance, &n.it_grade);
    if (!known_integer(n.it_grade))
        n.it_grade = integer_cell(t, COLUMN_IT_GRADE, -1);
    n.volume = integer_cell(t, COLUMN_VOLUME, 1);
    n.quantity = integer_cell(t, COLUMN_QUANTITY, 1);
    n.max_km = real_cell(t, COLUMN_MAX_KM, 1e-3, 20037);
    n.deadline = date_cell(t, COLUMN_DEADLINE);
    n.point = point_cells(t);
    read_excluded(t, firms, &n);
    return n;
}

struct fault *match_read_needs(struct arena *a, const struct lexicon *x, const struct match_firms *firms,
                               const char *path, struct match_needs *out)
{
    struct source t = {.arena = a, .lexicon = x, .stemming = stemming_new(a), .path = path};
    int id_capacity = 0, need_capacity = 0, line_capacity = 0, ids = 0, lines = 0;
    *out = (struct match_needs){0};
    TRY(open_source(&t));
    for (bool more;;) {
        TRY(next_row(&t, &more));
        if (!more)
            break;
        TRY(arena_check(a));
        *PUSH(a, out->ids, ids, id_capacity) = kept(&t, COLUMN_ID);
        *PUSH(a, out->lines, lines, line_capacity) = t.line;
        *PUSH(a, out->needs, out->count, need_capacity) = read_need_row(&t, firms);
    }
    return out->count ? NULL : fault(FAULT_INVALID, "%s: no need in this file.", path);
}
