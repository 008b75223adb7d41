/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "imports/import_merge.h"

#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "queries/imports.h"
#include "rows/rows.h"

static const struct sight everything = {.program = "import"};

/* A record as it will be: new, or stored with its empty fields filled. */
struct draft {
    const struct record_type *type;
    void *record;
    bool fresh, changed;
    int64_t *added; /* counter of the report */
};

enum { BESIDE_CERTIFICATES = 5 }; /* organisation, site, know-how, person, mandate */

struct merge {
    const struct import_merge *with;
    struct import_line *line;
    struct connection *connection;
    struct draft *drafts;
    size_t count;
    const struct record_type *judged; /* type at fault */
};

static struct fault *fill(const struct field *f, struct arena *a, void *to, const void *from)
{
    return value_load(f, a, slice_of(value_plain(f, a, from)), to);
}

/* Fills what is empty in `stored` from `given`. */
static struct fault *complete(struct arena *a, const struct record_type *type, void *stored,
                              const void *given, bool *changed)
{
    for (int i = 0; i < type->count; i++) {
        const struct field *f = &type->fields[i];
        if (!field_known(f, given) || field_known(f, stored))
            continue;
        TRY(fill(f, a, stored, given));
        *changed = true;
    }
    return NULL;
}

/* The draft of a record: number `id` completed, or a new one when it is 0. */
static struct fault *draft(struct merge *m, const struct record_type *type, int64_t id, const void *given,
                           int64_t *added, struct draft **out)
{
    struct arena *a = m->line->arena;
    struct draft *d = *out = &m->drafts[m->count++];
    *d = (struct draft){type, NEW(a, max_align_t, type->size / sizeof(max_align_t) + 1), !id, !id, NULL};
    d->added = added;
    if (id) {
        TRY(rows_load(m->connection, a, type, id, &everything, d->record));
        return complete(a, type, d->record, given, &d->changed);
    }
    memcpy(d->record, given, type->size);
    ((struct record_head *)d->record)->id = new_id(); /* known now, so that others can refer to it */
    return NULL;
}

/* --- which organisation ---------------------------------------------------------------------------- */

static bool differ(const char *a, const char *b)
{
    return a && b && strcmp(a, b) != 0;
}

static struct fault *by_siret(struct merge *m, int64_t *organisation, int64_t *site)
{
    if (!m->line->site.siret)
        return NULL;
    TRY(imports_site_by_siret(m->connection, m->line->site.siret, site));
    if (!*site)
        return NULL;
    struct site stored;
    TRY(rows_load(m->connection, m->line->arena, &site_type, *site, &everything, &stored));
    *organisation = stored.organisation;
    return NULL;
}

/* Two firms may share a name in one town: their numbers tell them apart. */
static struct fault *by_name(struct merge *m, int64_t *organisation)
{
    const struct organisation *o = &m->line->organisation;
    struct organisation stored;
    int64_t id = 0;
    if (!o->name)
        return NULL;
    TRY(imports_organisation_by_name(m->connection, o->name, m->line->site.commune,
                                     m->line->site.commune_code, &id));
    if (!id)
        return NULL;
    TRY(rows_load(m->connection, m->line->arena, &organisation_type, id, &everything, &stored));
    if (!differ(stored.siren, o->siren) && !differ(stored.uid, o->uid))
        *organisation = id;
    return NULL;
}

static struct fault *locate(struct merge *m, int64_t *organisation, int64_t *site)
{
    const struct organisation *o = &m->line->organisation;
    int64_t by_siren = 0, by_uid = 0;
    TRY(by_siret(m, organisation, site));
    if (o->siren)
        TRY(imports_organisation_by_siren(m->connection, o->siren, &by_siren));
    if (o->uid)
        TRY(imports_organisation_by_uid(m->connection, o->uid, &by_uid));
    int64_t numbers[] = {*organisation, by_siren, by_uid};
    *organisation = 0;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        if (*organisation && numbers[i] && numbers[i] != *organisation) {
            m->judged = &organisation_type;
            return fault_in(
                i == 1 ? "siren" : "uid",
                fault(FAULT_CONFLICT, "The numbers of this line belong to two organisations of the space."));
        }
        if (!*organisation)
            *organisation = numbers[i];
    }
    return *organisation ? NULL : by_name(m, organisation);
}

/* --- the records of the line ----------------------------------------------------------------------- */

static struct fault *draft_organisation(struct merge *m, int64_t id, struct organisation **out)
{
    struct import_line *l = m->line;
    struct draft *d;
    bool named = l->organisation.name != NULL;
    if (!id && !named && l->organisation.siren)
        l->organisation.name = register_name(l->arena, l->organisation.siren, l->masked);
    if (!id)
        l->organisation.visibility = visibility_code(organisation_type.visibility);
    TRY(draft(m, &organisation_type, id, &l->organisation, NULL, &d));
    struct organisation *o = *out = d->record;
    if (id && named && register_is_stand_in(l->arena, o->name, o->siren) &&
        !register_is_stand_in(l->arena, l->organisation.name, o->siren)) {
        o->name = l->organisation.name;
        d->changed = true;
    }
    return NULL;
}

static bool exact(const struct site *s)
{
    return known_real(s->lat) && known_real(s->lon) && s->approximate != FLAG_YES;
}

static struct fault *draft_site(struct merge *m, int64_t organisation, bool fresh, int64_t id)
{
    struct import_line *l = m->line;
    struct draft *d;
    if (!import_says(&site_type, &l->site))
        return NULL;
    l->site.organisation = organisation;
    if (!id && !fresh)
        TRY(imports_site_of(m->connection, organisation, l->site.siret, l->site.commune, l->site.commune_code,
                            &id));
    TRY(draft(m, &site_type, id, &l->site, &m->with->report->sites, &d));
    struct site *s = d->record;
    if (id && s->approximate == FLAG_YES && exact(&l->site)) {
        s->lat = l->site.lat;
        s->lon = l->site.lon;
        s->approximate = l->site.approximate;
        d->changed = true;
    }
    return NULL;
}

/* Several know-hows in one cell, as our own lists write them ("Taillage · Roulage · Rivetage"), all known? */
static struct fault *all_titled(struct merge *m, int64_t organisation, const char *titles, bool *all)
{
    static const char dot[] = " · ";
    *all = titles && strstr(titles, dot);
    for (const char *title = titles, *next; *all && title; title = next) {
        const char *end = strstr(title, dot);
        next = end ? end + sizeof dot - 1 : NULL;
        int64_t id = 0;
        size_t length = end ? (size_t)(end - title) : strlen(title);
        TRY(imports_capability_titled(m->connection, organisation, arena_text(m->line->arena, title, length),
                                      &id));
        *all = id != 0;
    }
    return NULL;
}

static struct fault *draft_capability(struct merge *m, const struct organisation *o, bool fresh)
{
    struct import_line *l = m->line;
    struct capability *c = &l->capability;
    struct draft *d;
    const char *text = c->description ? c->description : l->organisation.activity;
    if (m->with->options->read_text && text)
        TRY(m->with->options->read_text(m->with->options->read_with, l->arena, text, c));
    if (!c->title)
        return NULL;
    int64_t id = 0;
    /* where no know-how is known, our lists show what the firm does instead */
    bool known = !fresh && c->description && o->activity && strcmp(c->description, o->activity) == 0;
    if (!fresh && !known)
        TRY(all_titled(m, o->id, c->description, &known));
    if (known)
        return NULL;
    c->organisation = o->id;
    if (!fresh)
        TRY(imports_capability_titled(m->connection, o->id, c->title, &id));
    if (!id)
        c->visibility = visibility_code(capability_type.visibility);
    return draft(m, &capability_type, id, c, &m->with->report->capabilities, &d);
}

static struct fault *draft_certificates(struct merge *m, int64_t organisation, bool fresh)
{
    const struct term_list *held = &m->line->certifications;
    struct draft *d;
    for (size_t i = 0; i < held->count; i++) {
        int64_t id = 0;
        if (!fresh)
            TRY(imports_certificate_of(m->connection, organisation, held->ids[i], &id));
        if (id) /* known already, perhaps as not held: nothing is overwritten */
            continue;
        struct certificate c;
        record_clear(&certificate_type, &c);
        c.organisation = organisation;
        c.certification = (struct term_list){&held->ids[i], 1};
        c.held = FLAG_YES;
        TRY(draft(m, &certificate_type, 0, &c, &m->with->report->certificates, &d));
    }
    return NULL;
}

/* A contact is known by e-mail, else by name within the organisation. It gives no right to sign in: a
 * facilitator opens the account. */
static struct fault *draft_contact(struct merge *m, int64_t organisation, bool fresh)
{
    struct person *p = &m->line->person;
    struct draft *d;
    int64_t id = 0, mandate_id = 0;
    if (!p->name)
        return NULL;
    if (p->email)
        TRY(imports_person_by_email(m->connection, p->email, &id));
    else if (!fresh)
        TRY(imports_person_of(m->connection, organisation, p->name, &id));
    if (!id) {
        p->role = "member";
        p->active = FLAG_NO;
    }
    TRY(draft(m, &person_type, id, p, &m->with->report->people, &d));
    const struct record_head *person = d->record;
    if (id)
        TRY(imports_mandate_of(m->connection, organisation, id, &mandate_id));
    if (mandate_id)
        return NULL;
    struct mandate mandate;
    record_clear(&mandate_type, &mandate);
    mandate.person = person->id;
    mandate.organisation = organisation;
    mandate.title = p->title;
    return draft(m, &mandate_type, 0, &mandate, NULL, &d);
}

/* --- judged, then written -------------------------------------------------------------------------- */

static struct fault *judge(struct merge *m)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct draft *d = &m->drafts[i];
        if (d->changed)
            TRY(import_problem(m->line, -1, d->type, record_check(d->type, d->record)));
    }
    return NULL;
}

/* A refusal here would come too late: what is written stays. It becomes a fault that stops the import. */
static struct fault *write(const struct merge *m)
{
    struct transaction *t = door_transaction(m->with->door);
    int64_t person = door_viewer(m->with->door)->person;
    for (size_t i = 0; i < m->count; i++) {
        const struct draft *d = &m->drafts[i];
        struct fault *wrong = NULL;
        if (d->fresh)
            wrong = rows_insert(t, d->type, d->record, person);
        else if (d->changed)
            wrong = rows_update(t, d->type, d->record, person);
        if (wrong && wrong->code != FAULT_IO && wrong->code != FAULT_FULL)
            wrong->code = FAULT_BUG;
        TRY(wrong);
        if (d->fresh && d->added)
            ++*d->added;
    }
    return NULL;
}

static struct fault *merge(struct merge *m, enum import_outcome *outcome)
{
    struct organisation *o = NULL;
    int64_t organisation = 0, site = 0;
    TRY(locate(m, &organisation, &site));
    m->line->recognised = organisation;
    bool fresh = !organisation, changed = false;
    TRY(draft_organisation(m, organisation, &o));
    TRY(draft_site(m, o->id, fresh, site));
    TRY(draft_capability(m, o, fresh));
    TRY(draft_certificates(m, o->id, fresh));
    TRY(draft_contact(m, o->id, fresh));
    TRY(judge(m));
    for (size_t i = 0; i < m->count; i++)
        changed |= m->drafts[i].changed;
    if (m->line->problem_count)
        return NULL;
    *outcome = fresh ? IMPORT_CREATED : changed ? IMPORT_COMPLETED : IMPORT_UNCHANGED;
    return write(m);
}

struct fault *import_merge_line(const struct import_merge *with, struct import_line *l,
                                enum import_outcome *outcome)
{
    struct merge *m = NEW(l->arena, struct merge, 1);
    m->with = with;
    m->line = l;
    m->connection = door_connection(with->door);
    m->drafts = NEW(l->arena, struct draft, l->certifications.count + BESIDE_CERTIFICATES);
    *outcome = IMPORT_REFUSED;
    struct fault *wrong = merge(m, outcome);
    return import_problem(l, -1, m->judged, wrong);
}
