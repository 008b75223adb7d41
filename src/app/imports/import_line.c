/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_line.c - cells into the records of one line, then what follows from them: SIREN from SIRET, size
 * class from headcount, the commune's code and position. */
#include "imports/import_line.h"

#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "imports/import_fields.h"
#include "places/places.h"

bool import_says(const struct record_type *type, const void *record)
{
    for (int i = 0; i < type->count; i++)
        if (field_known(&type->fields[i], record))
            return true;
    return false;
}

int import_column_of(const struct import_columns *m, const struct record_type *type, const char *field)
{
    for (int i = 0; i < m->columns; i++)
        if (m->field[i] >= 0 && import_rules[m->field[i]].type == type &&
            strcmp(import_rules[m->field[i]].field, field) == 0)
            return i;
    return -1;
}

static bool fatal(const struct fault *f)
{
    return f->code == FAULT_IO || f->code == FAULT_FULL || f->code == FAULT_BUG || f->code == FAULT_DENIED ||
           f->code == FAULT_NOT_FOUND;
}

struct fault *import_problem(struct import_line *l, int column, const struct record_type *type,
                             struct fault *wrong)
{
    if (!wrong || fatal(wrong))
        return wrong;
    for (size_t i = 0; i < l->problem_count; i++)
        if (l->problems[i].type == type && strcmp(l->problems[i].fault.field, wrong->field) == 0)
            return NULL;
    *PUSH(l->arena, l->problems, l->problem_count, l->problem_capacity) =
        (struct import_problem){column, type, *wrong};
    return NULL;
}

/* --- the columns of the national register ---------------------------------------------------------- */

static const struct {
    const struct record_type *type;
    size_t to, from; /* of the record in the line, of the text in the row */
    const char *field;
} official_texts[] = {
#define OFFICIAL(record, field, text)                                                                        \
    {                                                                                                        \
        &record##_type, offsetof(struct import_line, record), offsetof(struct register_row, text), #field    \
    }
    OFFICIAL(organisation, siren, siren),
    OFFICIAL(organisation, name, name),
    OFFICIAL(organisation, short_name, short_name),
    OFFICIAL(organisation, kind, kind),
    OFFICIAL(organisation, size_class, size_class),
    OFFICIAL(organisation, naf, naf),
    OFFICIAL(site, siret, siret),
    OFFICIAL(site, address, address),
    OFFICIAL(site, postcode, postcode),
    OFFICIAL(site, commune, commune),
    OFFICIAL(site, commune_code, commune_code),
    OFFICIAL(site, country, country),
#undef OFFICIAL
};

static void take_official_rest(const struct register_row *row, struct import_line *l)
{
    l->masked = row->masked;
    l->organisation.created = row->created;
    l->organisation.closed = row->firm_closed;
    l->site.closed = row->site_closed;
    l->site.head_office = row->head_office;
    l->site.lat = row->point.lat;
    l->site.lon = row->point.lon;
    if (row->masked)
        l->organisation.masked = FLAG_YES;
    if (row->masked && row->siret)
        l->site.masked = FLAG_YES;
    if (row->approximate)
        l->site.approximate = FLAG_YES;
}

static struct fault *read_official(const struct import_columns *m, const struct slice *cells,
                                   struct import_line *l)
{
    struct register_row row;
    struct fault *wrong = register_read(m->format, l->arena, cells, &row);
    l->unread = wrong != NULL;
    if (wrong)
        return import_problem(l, -1, NULL, wrong);
    l->past = row.past;
    for (size_t i = 0; i < COUNT(official_texts) && !row.past; i++) {
        const char *text = *(const char *const *)((const char *)&row + official_texts[i].from);
        const struct record_type *type = official_texts[i].type;
        TRY(import_problem(l, -1, type,
                           value_parse(field_find(type, official_texts[i].field), l->arena, slice_of(text),
                                       (char *)l + official_texts[i].to)));
    }
    if (!row.past)
        take_official_rest(&row, l);
    return NULL;
}

/* --- what follows ---------------------------------------------------------------------------------- */

static struct fault *join_identifiers(struct import_line *l)
{
    if (!l->site.siret)
        return NULL;
    if (!l->organisation.siren)
        l->organisation.siren = arena_text(l->arena, l->site.siret, 9);
    if (strncmp(l->organisation.siren, l->site.siret, 9) == 0)
        return NULL;
    return fault_in("siret", fault(FAULT_INVALID, "The SIRET does not begin with the SIREN."));
}

/* The one place the line can mean: by code, else by name when the postcode or being alone leaves no doubt. */
static bool find_place(struct import_line *l, struct place *out)
{
    const struct site *s = &l->site;
    if (s->commune_code && place_by_code(s->commune_code, out))
        return true;
    struct place *found = NULL;
    size_t count = 0;
    if (s->commune)
        count = places_named(l->arena, slice_of(s->commune),
                             (struct place_where){.postcode = s->postcode, .country = s->country}, &found);
    else if (s->postcode && (!s->country || strcmp(s->country, "FR") == 0))
        count = places_at_postcode(l->arena, s->postcode, &found);
    if (count != 1)
        return false;
    *out = found[0];
    return true;
}

static void place(struct import_line *l)
{
    struct site *s = &l->site;
    struct place p;
    if (!import_says(&site_type, s) || !find_place(l, &p))
        return;
    s->commune = p.name;
    s->commune_code = p.code;
    if (*p.epci)
        s->epci = p.epci;
    if (!s->country)
        s->country = arena_text(l->arena, p.country, strlen(p.country));
    bool nowhere = !known_real(s->lat) || !known_real(s->lon);
    if (!nowhere || l->masked || !known_real(p.point.lat))
        return;
    s->lat = p.point.lat;
    s->lon = p.point.lon;
    s->approximate = FLAG_YES;
}

static void name_contact(struct import_line *l)
{
    struct person *p = &l->person;
    if (l->first_name)
        p->name = p->name ? arena_print(l->arena, "%s %s", l->first_name, p->name) : l->first_name;
    if (!p->name && p->email)
        p->name = arena_text(l->arena, p->email, strcspn(p->email, "@"));
}

/* The beginning of a longer text, cut where a word ends. */
static const char *title_of(struct arena *a, const char *text)
{
    enum { LONGEST = 120 };
    size_t length = strlen(text);
    if (length <= LONGEST)
        return text;
    for (length = LONGEST; length > LONGEST / 2 && text[length] != ' '; length--)
        ;
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
        length--;
    return arena_print(a, "%.*s…", (int)length, text);
}

static struct fault *finish_know_how(struct import_line *l)
{
    struct capability *c = &l->capability;
    if (c->description) /* put together from several cells: judged as a whole */
        TRY(value_parse(field_find(&capability_type, "description"), l->arena, slice_of(c->description), c));
    if (!import_says(&capability_type, c))
        return NULL;
    const char *says = c->description ? c->description : l->words ? l->words : l->organisation.activity;
    c->title = says ? title_of(l->arena, says) : tr(capability_type.title);
    c->origin = "imported";
    return NULL;
}

static struct fault *finish(struct import_line *l)
{
    struct organisation *o = &l->organisation;
    TRY(import_problem(l, -1, &site_type, join_identifiers(l)));
    if (!o->size_class && known_integer(o->headcount))
        o->size_class = o->headcount < 10    ? "micro"
                        : o->headcount < 50  ? "small"
                        : o->headcount < 250 ? "medium"
                                             : "large";
    place(l);
    name_contact(l);
    return import_problem(l, -1, &capability_type, finish_know_how(l));
}

struct fault *import_line_read(const struct import_columns *m, const struct slice *cells,
                               struct import_line *l)
{
    *l = (struct import_line){.arena = l->arena, .terms = l->terms, .unknown = l->unknown};
    record_clear(&organisation_type, &l->organisation);
    record_clear(&site_type, &l->site);
    record_clear(&capability_type, &l->capability);
    record_clear(&person_type, &l->person);
    if (m->format)
        TRY(read_official(m, cells, l));
    if (l->past || l->unread)
        return NULL;
    for (int i = 0; i < m->columns; i++) {
        if (m->field[i] < 0 || !cells[i].len)
            continue;
        const struct import_rule *rule = &import_rules[m->field[i]];
        const struct field *f = field_find(rule->type, rule->field);
        void *record = (char *)l + rule->at;
        struct fault *wrong =
            rule->read ? rule->read(l, f, cells[i], record) : value_parse(f, l->arena, cells[i], record);
        TRY(import_problem(l, i, rule->type, fault_in(rule->field, wrong)));
    }
    return finish(l);
}
