/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* record.c - what holds for every kind: the rules of a kind, whole records, visibility codes. */
#include "record/record.h"

#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "record/kinds.h"

const struct choice visibility_choices[] = {{"public", N_("Everybody")},
                                            {"space", N_("Members of the space")},
                                            {"noncompeting", N_("Members who are not its competitors")},
                                            {"grappe", N_("Members of chosen grappes")},
                                            {"confidential", N_("This organisation and the facilitators")},
                                            {"private", N_("This organisation alone")},
                                            {NULL, NULL}};

static const enum visibility levels[] = {VISIBILITY_PUBLIC, VISIBILITY_SPACE,        VISIBILITY_NONCOMPETING,
                                         VISIBILITY_GRAPPE, VISIBILITY_CONFIDENTIAL, VISIBILITY_PRIVATE};

enum visibility visibility_of_code(const char *code)
{
    for (size_t i = 0; code && visibility_choices[i].code; i++)
        if (strcmp(code, visibility_choices[i].code) == 0)
            return levels[i];
    return VISIBILITY_PRIVATE;
}

const char *visibility_code(enum visibility level)
{
    for (size_t i = 0; i < COUNT(levels); i++)
        if (levels[i] == level)
            return visibility_choices[i].code;
    return "inherit";
}

/* The one place that a new kind must be added to. */
static const struct kind_rules *rules_of(enum kind kind)
{
    switch (kind) {
    case KIND_text:
        return &text_rules;
    case KIND_longtext:
        return &longtext_rules;
    case KIND_integer:
        return &integer_rules;
    case KIND_real:
        return &real_rules;
    case KIND_measure:
        return &measure_rules;
    case KIND_interval:
        return &interval_rules;
    case KIND_flag:
        return &flag_rules;
    case KIND_date:
        return &date_rules;
    case KIND_choice:
        return &choice_rules;
    case KIND_ref:
        return &ref_rules;
    case KIND_terms:
        return &terms_rules;
    }
    return &text_rules;
}

const char *kind_name(enum kind kind)
{
    return rules_of(kind)->name;
}

const struct field *field_find(const struct record_type *t, const char *name)
{
    for (int i = 0; i < t->count; i++)
        if (strcmp(t->fields[i].name, name) == 0)
            return &t->fields[i];
    return NULL;
}

const char *choice_label(const struct field *f, const char *code)
{
    for (const struct choice *c = f->choices; c && code && c->code; c++)
        if (strcmp(c->code, code) == 0)
            return tr(c->label);
    return code ? code : "";
}

void *record_new(struct arena *a, const struct record_type *type)
{
    void *record = arena_alloc(a, 1, type->size, alignof(max_align_t));
    record_clear(type, record);
    return record;
}

void record_clear(const struct record_type *t, void *record)
{
    memset(record, 0, t->size);
    for (int i = 0; i < t->count; i++)
        rules_of(t->fields[i].kind)->clear(field_at(&t->fields[i], record));
}

void record_start(const struct record_type *type, void *record)
{
    for (int i = 0; i < type->count; i++)
        if (type->fields[i].initial)
            *(const char **)field_at(&type->fields[i], record) = type->fields[i].initial;
    if (type->visibility_field)
        *(const char **)field_at(field_find(type, type->visibility_field), record) =
            visibility_code(type->visibility);
}

bool field_known(const struct field *f, const void *record)
{
    return rules_of(f->kind)->known(field_in(f, record));
}

bool field_equal(const struct field *f, const void *a, const void *b)
{
    return rules_of(f->kind)->equal(field_in(f, a), field_in(f, b));
}

static struct fault *value_check(const struct field *f, const void *at)
{
    const struct kind_rules *rules = rules_of(f->kind);
    return rules->check ? fault_in(f->name, rules->check(f, at)) : NULL;
}

struct fault *value_parse(const struct field *f, struct arena *a, struct slice typed, void *record)
{
    const struct kind_rules *rules = rules_of(f->kind);
    void *at = field_at(f, record);
    rules->clear(at);
    typed = slice_trim(typed);
    if (!typed.len)
        return NULL;
    struct fault *wrong = fault_in(f->name, rules->parse(f, a, typed, at));
    if (!wrong && rules->known(at))
        wrong = value_check(f, at);
    if (wrong)
        rules->clear(at);
    return wrong;
}

struct fault *value_load(const struct field *f, struct arena *a, struct slice plain, void *record)
{
    const struct kind_rules *rules = rules_of(f->kind);
    void *at = field_at(f, record);
    rules->clear(at);
    struct fault *wrong = plain.len ? fault_in(f->name, rules->load(f, a, plain, at)) : NULL;
    if (wrong)
        rules->clear(at);
    return wrong;
}

static char *written(const struct field *f, struct arena *a, const void *record,
                     char *(*write)(const struct field *, struct arena *, const void *))
{
    return field_known(f, record) ? write(f, a, field_in(f, record)) : NEW(a, char, 1);
}

char *value_shown(const struct field *f, struct arena *a, const void *record)
{
    return written(f, a, record, rules_of(f->kind)->shown);
}

char *value_typed(const struct field *f, struct arena *a, const void *record)
{
    return written(f, a, record, rules_of(f->kind)->typed);
}

char *value_plain(const struct field *f, struct arena *a, const void *record)
{
    return written(f, a, record, rules_of(f->kind)->plain);
}

const struct field *record_hangs_by(const struct record_type *t, const void *record)
{
    for (int i = 0; i < t->count; i++)
        if (t->fields[i].within && field_known(&t->fields[i], record))
            return &t->fields[i];
    return NULL;
}

bool type_hangs(const struct record_type *t)
{
    bool hangs = false;
    for (int i = 0; i < t->count; i++)
        hangs |= t->fields[i].within;
    return hangs;
}

const struct field *type_takes_off(const struct record_type *t)
{
    for (int i = 0; i < t->count; i++)
        if (t->fields[i].takes_off)
            return &t->fields[i];
    return NULL;
}

bool record_taken_off(const struct record_type *t, const void *record)
{
    const struct field *f = type_takes_off(t);
    return f && *(const enum flag *)field_in(f, record) == FLAG_YES;
}

static struct fault *hanging_check(const struct record_type *t, const void *record)
{
    const struct field *named = NULL; /* the first, or the last too much */
    int known = 0;
    for (int i = 0; i < t->count; i++)
        if (t->fields[i].within) {
            bool here = field_known(&t->fields[i], record);
            named = !named || here ? &t->fields[i] : named;
            known += here;
        }
    if (!named || known == 1)
        return NULL;
    return fault_in(named->name, fault(FAULT_INVALID, "%s: it is about one record.", tr(t->title)));
}

struct fault *record_check(const struct record_type *t, const void *record)
{
    for (int i = 0; i < t->count; i++) {
        const struct field *f = &t->fields[i];
        if (field_known(f, record))
            TRY(value_check(f, field_in(f, record)));
        else if (f->required)
            return fault_in(f->name, fault(FAULT_INVALID, "%s: this is needed.", tr(f->label)));
    }
    TRY(hanging_check(t, record));
    return t->check ? t->check(record) : NULL;
}

bool facet_taken(const char *facets, const char *facet)
{
    size_t length = strlen(facet);
    for (const char *p = facets; p && *p; p += strcspn(p, "|"), p += *p == '|')
        if (strcspn(p, "|") == length && strncmp(p, facet, length) == 0)
            return true;
    return !facets;
}

void term_list_add(struct arena *a, struct term_list *list, int64_t id)
{
    int64_t *ids = NEW(a, int64_t, list->count + 1);
    for (size_t i = 0; i < list->count; i++) {
        if (list->ids[i] == id)
            return;
        ids[i] = list->ids[i];
    }
    ids[list->count] = id;
    *list = (struct term_list){ids, list->count + 1};
}

const char *excerpt(struct arena *a, struct slice typed)
{
    enum { MOST = 60 };
    size_t end = typed.len;
    if (end > MOST)
        for (end = MOST; end && ((unsigned char)typed.ptr[end] & 0xC0) == 0x80;)
            end--;
    char *text = arena_print(a, "%.*s%s", (int)end, typed.ptr, end < typed.len ? "…" : "");
    for (char *p = text; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7F)
            *p = '?'; /* messages go to terminals too */
    return text;
}
