/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "api/schema.h"

#include "i18n/i18n.h"

static const char id_pattern[] = "^[1-9][0-9]{0,18}$", id_example[] = "1882614659581935616";
static const char day_example[] = "2026-03-15";

void schema_pair(struct json *j, const char *key, const char *text)
{
    json_put_key(j, key);
    json_put_text(j, text);
}

void schema_begin(struct json *j, const char *key)
{
    json_put_key(j, key);
    json_begin_object(j);
}

void schema_flag(struct json *j, const char *key, bool value)
{
    json_put_key(j, key);
    json_put_bool(j, value);
}

void schema_refer(struct json *j, const char *key, const char *name)
{
    char target[120];
    (void)snprintf(target, sizeof target, "#/components/schemas/%s", name);
    json_put_key(j, key);
    json_begin_object(j);
    schema_pair(j, "$ref", target);
    json_end(j);
}

static void put_type(struct json *j, const char *type, bool maybe)
{
    json_put_key(j, "type");
    if (maybe)
        json_begin_array(j);
    json_put_text(j, type);
    if (maybe) {
        json_put_text(j, "null");
        json_end(j);
    }
}

static void put_closed(struct json *j, const char *which)
{
    json_put_key(j, which);
    json_put_bool(j, false);
}

/* Shapes. */

static const struct {
    const char *type, *format;
} scalars[] = {[SHAPE_TEXT] = {"string", NULL},
               [SHAPE_ID] = {"string", NULL},
               [SHAPE_INTEGER] = {"integer", NULL},
               [SHAPE_COUNT] = {"integer", NULL},
               [SHAPE_NUMBER] = {"integer", NULL},
               [SHAPE_REAL] = {"number", NULL},
               [SHAPE_FLAG] = {"boolean", NULL},
               [SHAPE_DAY] = {"string", "date"},
               [SHAPE_INSTANT] = {"string", "date-time"},
               [SHAPE_NAME] = {"string", NULL},
               [SHAPE_TEXTS] = {"array", NULL},
               [SHAPE_LIST] = {"array", NULL},
               [SHAPE_ONE] = {"object", NULL},
               [SHAPE_RECORD] = {"object", NULL},
               [SHAPE_LABEL] = {"string", NULL}};

static void put_names(struct json *j, const char *const *names, bool maybe)
{
    json_put_key(j, "enum");
    json_begin_array(j);
    for (; *names; names++)
        json_put_text(j, *names);
    if (maybe)
        json_put_null(j);
    json_end(j);
}

static void put_items(struct json *j, const struct member *m, bool written)
{
    json_put_key(j, "items");
    if (m->kind == SHAPE_LIST) {
        schema_shape(j, m->of, written);
        return;
    }
    json_begin_object(j);
    put_type(j, "string", false);
    if (m->names)
        put_names(j, m->names, false);
    json_end(j);
}

static void member_body(struct json *j, const struct member *m, bool written)
{
    put_type(j, scalars[m->kind].type, m->maybe);
    if (scalars[m->kind].format)
        schema_pair(j, "format", scalars[m->kind].format);
    if (m->kind == SHAPE_ID)
        schema_pair(j, "pattern", id_pattern);
    if (m->kind == SHAPE_TEXTS || m->kind == SHAPE_LIST)
        put_items(j, m, written);
    else if (m->names)
        put_names(j, m->names, m->maybe);
    if (m->least != m->most) {
        json_member_integer(j, "minimum", m->least);
        json_member_integer(j, "maximum", m->most);
    }
}

static void put_member(struct json *j, const struct member *m, bool written)
{
    json_begin_object(j);
    if (m->kind == SHAPE_RECORD) {
        char target[120];
        (void)snprintf(target, sizeof target, "#/components/schemas/%s%s", m->type->name,
                       m->maybe ? "_change" : "");
        schema_pair(j, "$ref", target);
    } else if (m->kind == SHAPE_ONE) {
        json_put_key(j, "anyOf");
        json_begin_array(j);
        schema_shape(j, m->of, written);
        json_begin_object(j);
        put_type(j, "null", false);
        json_end(j);
        json_end(j);
    } else
        member_body(j, m, written);
    if (m->about)
        schema_pair(j, "description", tr(m->about));
    json_end(j);
}

void schema_member(struct json *j, const struct member *m)
{
    struct member plain = *m;
    plain.maybe = false; /* a parameter that is not given is not there */
    plain.about = NULL;
    put_member(j, &plain, false);
}

void schema_shape(struct json *j, const struct shape *s, bool written)
{
    json_begin_object(j);
    schema_pair(j, "title", s->name);
    put_type(j, "object", false);
    json_put_key(j, "properties");
    json_begin_object(j);
    for (size_t i = 0; i < s->count; i++) {
        json_put_key(j, s->members[i].name);
        put_member(j, &s->members[i], written);
    }
    json_end(j);
    json_put_key(j, "required");
    json_begin_array(j);
    for (size_t i = 0; i < s->count; i++)
        if (written || !s->members[i].maybe)
            json_put_text(j, s->members[i].name);
    json_end(j);
    put_closed(j, "additionalProperties");
    json_end(j);
}

/* Records. */

static void put_codes(struct json *j, const struct field *f)
{
    json_put_key(j, "enum");
    json_begin_array(j);
    for (const struct choice *c = f->choices; c && c->code; c++)
        json_put_text(j, c->code);
    json_put_null(j);
    json_end(j);
}

static void interval_body(struct json *j)
{
    put_type(j, "object", true);
    json_put_key(j, "properties");
    json_begin_object(j);
    for (int end = 0; end < 2; end++) {
        json_put_key(j, end ? "max" : "min");
        json_begin_object(j);
        put_type(j, "integer", true);
        json_end(j);
    }
    json_end(j);
    put_closed(j, "additionalProperties");
}

static void bounds(struct json *j, const struct field *f, const char *least, const char *most)
{
    if (f->min < f->max && f->min)
        json_member_integer(j, least, f->min);
    if (f->min < f->max || (f->max && f->min == f->max))
        json_member_integer(j, most, f->max);
}

static void id_body(struct json *j, bool maybe)
{
    put_type(j, "string", maybe);
    schema_pair(j, "pattern", id_pattern);
}

static void kind_body(struct json *j, const struct field *f)
{
    switch (f->kind) {
    case KIND_text:
    case KIND_longtext:
        put_type(j, "string", true);
        bounds(j, f, "minLength", "maxLength");
        break;
    case KIND_choice:
        put_codes(j, f);
        break;
    case KIND_integer:
    case KIND_measure:
        put_type(j, "integer", true);
        bounds(j, f, "minimum", "maximum");
        break;
    case KIND_real:
        put_type(j, "number", true);
        bounds(j, f, "minimum", "maximum");
        break;
    case KIND_interval:
        interval_body(j);
        break;
    case KIND_flag:
        put_type(j, "boolean", true);
        break;
    case KIND_date:
        put_type(j, "string", true);
        schema_pair(j, "format", "date");
        break;
    case KIND_ref:
        id_body(j, true);
        schema_pair(j, "x-record", f->to);
        break;
    case KIND_terms:
        put_type(j, "array", false);
        json_member_integer(j, "maxItems", LIMIT_TERMS);
        json_put_key(j, "items");
        json_begin_object(j);
        put_type(j, "string", false);
        json_end(j);
        if (f->to)
            schema_pair(j, "x-facets", f->to);
        break;
    }
}

static void put_field(struct json *j, const struct field *f)
{
    bool length = f->kind == KIND_measure || (f->unit && strcmp(f->unit, "nm") == 0);
    json_put_key(j, f->name);
    json_begin_object(j);
    kind_body(j, f);
    schema_pair(j, "title", tr(f->label));
    if (f->help)
        schema_pair(j, "description", tr(f->help));
    if (length || f->unit)
        schema_pair(j, "x-unit", length ? "nm" : tr(f->unit));
    json_end(j);
}

static void put_fields(struct json *j, struct arena *a, const struct record_type *t)
{
    json_put_key(j, arena_print(a, "%s_fields", t->name));
    json_begin_object(j);
    put_type(j, "object", false);
    json_put_key(j, "properties");
    json_begin_object(j);
    json_put_key(j, "id");
    json_begin_object(j);
    id_body(j, false);
    json_end(j);
    json_put_key(j, "version");
    json_begin_object(j);
    put_type(j, "integer", true);
    schema_pair(j, "description", tr("Null: as it stood in the past."));
    json_end(j);
    for (int i = 0; i < t->count; i++)
        put_field(j, &t->fields[i]);
    json_end(j);
    json_end(j);
}

/* What nobody who adds a record can leave out: the rest starts by itself. */
static bool needed(struct arena *a, const struct record_type *t, int field)
{
    void *record = record_new(a, t);
    record_start(t, record);
    const struct field *f = &t->fields[field];
    return f->required && !f->author && !field_known(f, record);
}

enum use { READ, NEW_ONE, CHANGE };

static void put_use(struct json *j, struct arena *a, const struct record_type *t, enum use use)
{
    static const char *const endings[] = {[READ] = "", [NEW_ONE] = "_new", [CHANGE] = "_change"};
    json_put_key(j, arena_print(a, "%s%s", t->name, endings[use]));
    json_begin_object(j);
    schema_pair(j, "$ref", arena_print(a, "#/components/schemas/%s_fields", t->name));
    schema_pair(j, "title", tr(t->title));
    if (t->purpose)
        schema_pair(j, "description", tr(t->purpose));
    json_put_key(j, "required");
    json_begin_array(j);
    if (use == READ) {
        json_put_text(j, "id");
        json_put_text(j, "version");
    }
    for (int i = 0; i < t->count && use == NEW_ONE; i++)
        if (needed(a, t, i))
            json_put_text(j, t->fields[i].name);
    json_end(j);
    put_closed(j, "unevaluatedProperties");
    json_end(j);
}

static void put_page(struct json *j, struct arena *a, const struct record_type *t)
{
    json_put_key(j, arena_print(a, "%s_page", t->name));
    json_begin_object(j);
    put_type(j, "object", false);
    json_put_key(j, "properties");
    json_begin_object(j);
    json_put_key(j, "items");
    json_begin_object(j);
    put_type(j, "array", false);
    schema_refer(j, "items", t->name);
    json_end(j);
    json_put_key(j, "total");
    json_begin_object(j);
    put_type(j, "integer", false);
    json_end(j);
    json_put_key(j, "next");
    json_begin_object(j);
    put_type(j, "string", true);
    json_end(j);
    json_end(j);
    json_put_key(j, "required");
    json_begin_array(j);
    json_put_text(j, "items");
    json_put_text(j, "total");
    json_put_text(j, "next");
    json_end(j);
    put_closed(j, "additionalProperties");
    json_end(j);
}

static void put_filter(struct json *j, struct arena *a, const struct field *f, const char *part)
{
    json_put_key(j, arena_print(a, "%s%s", f->name, part));
    json_begin_object(j);
    put_type(j, "string", false);
    json_end(j);
}

/* As parameters have them: NAME contains or equals, .is, .min, .max, .known, .unknown. */
static void put_filters(struct json *j, struct arena *a, const struct record_type *t)
{
    json_put_key(j, arena_print(a, "%s_filters", t->name));
    json_begin_object(j);
    put_type(j, "object", false);
    json_put_key(j, "properties");
    json_begin_object(j);
    for (int i = 0; i < t->count; i++) {
        const struct field *f = &t->fields[i];
        bool words = f->kind == KIND_text || f->kind == KIND_longtext;
        bool ordered = f->kind == KIND_integer || f->kind == KIND_real || f->kind == KIND_measure ||
                       f->kind == KIND_interval || f->kind == KIND_date;
        put_filter(j, a, f, "");
        put_filter(j, a, f, ".known");
        put_filter(j, a, f, ".unknown");
        if (words)
            put_filter(j, a, f, ".is");
        if (ordered) {
            put_filter(j, a, f, ".min");
            put_filter(j, a, f, ".max");
        }
    }
    json_end(j);
    put_closed(j, "additionalProperties");
    json_end(j);
}

void schema_record(struct json *j, struct arena *a, const struct record_type *t)
{
    put_fields(j, a, t);
    put_use(j, a, t, READ);
    put_use(j, a, t, NEW_ONE);
    put_use(j, a, t, CHANGE);
    put_page(j, a, t);
    put_filters(j, a, t);
}

/* Examples. */

static void field_example(struct json *j, const struct field *f)
{
    if (f->kind == KIND_choice)
        json_put_text(j, f->choices[0].code);
    else if (f->kind == KIND_ref)
        json_put_text(j, id_example);
    else if (f->kind == KIND_date)
        json_put_text(j, day_example);
    else if (f->kind == KIND_flag)
        json_put_bool(j, true);
    else if (f->kind == KIND_terms) {
        json_begin_array(j);
        json_end(j);
    } else if (f->kind == KIND_text || f->kind == KIND_longtext)
        json_put_text(j, tr(f->label));
    else
        json_put_integer(j, f->min > 0 ? f->min : 1);
}

void schema_record_example(struct json *j, struct arena *a, const struct record_type *t)
{
    json_begin_object(j);
    for (int i = 0; i < t->count; i++)
        if (needed(a, t, i)) {
            json_put_key(j, t->fields[i].name);
            field_example(j, &t->fields[i]);
        }
    json_end(j);
}

static void member_example(struct json *j, const struct member *m)
{
    if (m->kind == SHAPE_LIST || m->kind == SHAPE_TEXTS) {
        json_begin_array(j);
        if (m->kind == SHAPE_LIST)
            schema_shape_example(j, m->of);
        json_end(j);
    } else if (m->names)
        json_put_text(j, m->names[0]);
    else if (m->kind == SHAPE_ID)
        json_put_text(j, id_example);
    else if (m->kind == SHAPE_DAY)
        json_put_text(j, day_example);
    else if (m->kind == SHAPE_FLAG)
        json_put_bool(j, true);
    else if (m->kind == SHAPE_TEXT)
        json_put_text(j, m->example ? m->example : m->name);
    else
        json_put_integer(j, m->least ? m->least : 1);
}

void schema_shape_example(struct json *j, const struct shape *s)
{
    json_begin_object(j);
    for (size_t i = 0; i < s->count; i++)
        if (!s->members[i].maybe) {
            json_put_key(j, s->members[i].name);
            member_example(j, &s->members[i]);
        }
    json_end(j);
}
