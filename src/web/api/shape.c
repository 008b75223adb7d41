/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "api/shape.h"

#include <inttypes.h>
#include <stdlib.h>

#include "api/record_body.h"
#include "clock/clock.h"
#include "i18n/i18n.h"

static const void *at(const struct member *m, const void *from)
{
    return (const char *)from + m->offset;
}

static size_t count_at(const struct member *m, const void *from)
{
    size_t count;
    memcpy(&count, (const char *)from + m->count, sizeof count);
    return count;
}

/* Writing. */

static void put_day(struct json *j, struct arena *a, int64_t day)
{
    json_put_text(j, known_integer(day) ? day_print(a, day) : NULL);
}

static void put_texts(struct json *j, const char *const *texts, size_t count)
{
    json_begin_array(j);
    for (size_t i = 0; i < count; i++)
        json_put_text(j, texts[i]);
    json_end(j);
}

static void put_id(struct json *j, int64_t id)
{
    if (id)
        json_put_id(j, id);
    else
        json_put_null(j);
}

static void put_one(struct json *j, struct arena *a, const struct shape *of, const void *from)
{
    if (from)
        shape_put(j, a, of, from);
    else
        json_put_null(j);
}

static void put_instant(struct json *j, struct arena *a, int64_t at_us)
{
    json_put_text(j, at_us && known_integer(at_us) ? instant_print(a, at_us) : NULL);
}

static void put_member(struct json *j, struct arena *a, const struct member *m, const void *from)
{
    const void *value = at(m, from);
    const struct api_record *record = value;
    switch (m->kind) {
    case SHAPE_TEXT:
        json_put_text(j, *(const char *const *)value);
        break;
    case SHAPE_ID:
        put_id(j, *(const int64_t *)value);
        break;
    case SHAPE_INTEGER:
        json_put_integer(j, *(const int64_t *)value);
        break;
    case SHAPE_COUNT:
        json_put_integer(j, (int64_t) * (const size_t *)value);
        break;
    case SHAPE_NUMBER:
        json_put_integer(j, *(const int *)value);
        break;
    case SHAPE_REAL:
        json_put_real(j, *(const double *)value);
        break;
    case SHAPE_FLAG:
        json_put_bool(j, *(const bool *)value);
        break;
    case SHAPE_DAY:
        put_day(j, a, *(const int64_t *)value);
        break;
    case SHAPE_INSTANT:
        put_instant(j, a, *(const int64_t *)value);
        break;
    case SHAPE_NAME:
        json_put_text(j, m->names[*(const int *)value]);
        break;
    case SHAPE_TEXTS:
        put_texts(j, *(const char *const *const *)value, count_at(m, from));
        break;
    case SHAPE_LIST:
        shape_put_list(j, a, m->of, *(const void *const *)value, count_at(m, from));
        break;
    case SHAPE_ONE:
        put_one(j, a, m->of, *(const void *const *)value);
        break;
    case SHAPE_LABEL:
        json_put_text(j, *(const char *const *)value ? tr(*(const char *const *)value) : NULL);
        break;
    case SHAPE_RECORD:
        record_put(j, a, record->type, record->record, record->shown);
        break;
    }
}

void shape_put(struct json *j, struct arena *a, const struct shape *s, const void *from)
{
    json_begin_object(j);
    for (size_t i = 0; i < s->count; i++) {
        json_put_key(j, s->members[i].name);
        put_member(j, a, &s->members[i], from);
    }
    json_end(j);
}

void shape_put_list(struct json *j, struct arena *a, const struct shape *s, const void *from, size_t count)
{
    json_begin_array(j);
    for (size_t i = 0; i < count; i++)
        shape_put(j, a, s, (const char *)from + i * s->size);
    json_end(j);
}

void shape_answer(const struct request *r, struct response *answer, const struct shape *s, const void *from)
{
    struct json j = api_answer(answer);
    shape_put(&j, r->arena, s, from);
}

/* Reading: a value of a body or a parameter becomes the text that is said for it, and that is read. */

static bool take_id(const char *text, int64_t *id)
{
    char *end = NULL;
    bool digits = *text && strspn(text, "0123456789") == strlen(text) && strlen(text) < 20;
    *id = digits ? strtoll(text, &end, 10) : 0;
    return digits && *id > 0;
}

static bool take_integer(const struct member *m, const char *text, int64_t *value)
{
    char *end = NULL;
    *value = strtoll(text, &end, 10);
    bool within = m->least == m->most || (*value >= m->least && *value <= m->most);
    return *text && !*end && *value > INT64_MIN && *value < INT64_MAX && within;
}

static const char *integer_wanted(struct arena *a, const struct member *m)
{
    return m->least == m->most ? tr("a whole number")
                               : arena_print(a, tr("a whole number from %lld to %lld"), (long long)m->least,
                                             (long long)m->most);
}

static bool take_real(const char *text, double *value)
{
    char *end = NULL;
    *value = strtod(text, &end);
    return *text && !*end && known_real(*value) && *value <= 1e300 && *value >= -1e300;
}

static bool named(const char *const *names, const char *text)
{
    for (; names && *names; names++)
        if (strcmp(*names, text) == 0)
            return true;
    return !names;
}

/* NULL, or what is expected instead. */
static const char *take_text(struct arena *a, const struct member *m, const char *text, void *value)
{
    switch (m->kind) {
    case SHAPE_TEXT:
        *(const char **)value = arena_print(a, "%s", text);
        return named(m->names, text) ? NULL : tr("one of the values there are");
    case SHAPE_ID:
        return take_id(text, value) ? NULL : tr("an identifier as a text");
    case SHAPE_INTEGER:
        return take_integer(m, text, value) ? NULL : integer_wanted(a, m);
    case SHAPE_REAL:
        return take_real(text, value) ? NULL : tr("a number");
    case SHAPE_FLAG:
        *(bool *)value = strcmp(text, "true") == 0;
        return *(bool *)value || strcmp(text, "false") == 0 ? NULL : tr("true or false");
    case SHAPE_DAY:
        return day_parse(slice_of(text), value) ? NULL : tr("a date such as \"2026-03-15\"");
    case SHAPE_COUNT:
    case SHAPE_NUMBER:
    case SHAPE_INSTANT:
    case SHAPE_NAME:
    case SHAPE_TEXTS:
    case SHAPE_LIST:
    case SHAPE_ONE:
    case SHAPE_RECORD:
    case SHAPE_LABEL:
        break;
    }
    return tr("nothing");
}

static void expected(struct request *r, struct api_errors *errors, const struct member *m, const char *what)
{
    if (what)
        api_error_add(r, errors, m->name, arena_print(r->arena, tr("%s: %s is expected."), m->name, what));
}

/* The text of a scalar, if JSON has it as it should be. */
static const char *scalar(struct arena *a, const struct member *m, const json_t *given)
{
    bool number = m->kind == SHAPE_REAL      ? json_is_number(given)
                  : m->kind == SHAPE_INTEGER ? json_is_integer(given)
                                             : false;
    if (m->kind == SHAPE_FLAG)
        return json_is_boolean(given) ? (json_is_true(given) ? "true" : "false") : "";
    if (m->kind == SHAPE_INTEGER && number)
        return arena_print(a, "%" JSON_INTEGER_FORMAT, json_integer_value(given));
    if (m->kind == SHAPE_REAL && number)
        return arena_print(a, "%.17g", json_number_value(given));
    return m->kind == SHAPE_INTEGER || m->kind == SHAPE_REAL ? "" : json_string_value(given);
}

static void take_object(struct request *, const struct shape *, const json_t *, void *to,
                        struct api_errors *);

static void take_list(struct request *r, const struct member *m, const json_t *given, void *to,
                      struct api_errors *errors)
{
    size_t count = json_array_size(given);
    const struct member text = {.name = m->name, .kind = SHAPE_TEXT, .names = m->names};
    size_t size = m->kind == SHAPE_TEXTS ? sizeof(const char *) : m->of->size;
    char *items = arena_alloc(r->arena, count + 1, size, alignof(max_align_t));
    memset(items, 0, (count + 1) * size);
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(given, i);
        if (m->kind == SHAPE_LIST)
            take_object(r, m->of, one, items + i * size, errors);
        else if (json_is_string(one))
            expected(r, errors, m, take_text(r->arena, &text, json_string_value(one), items + i * size));
        else
            expected(r, errors, m, tr("a text"));
    }
    memcpy((char *)to + m->offset, &items, sizeof items);
    memcpy((char *)to + m->count, &count, sizeof count);
}

static void take_member(struct request *r, const struct member *m, const json_t *given, void *to,
                        struct api_errors *errors)
{
    bool list = m->kind == SHAPE_TEXTS || m->kind == SHAPE_LIST;
    if (!given || (m->maybe && json_is_null(given))) {
        if (!m->maybe)
            api_error_add(r, errors, m->name, arena_print(r->arena, tr("%s: this is needed."), m->name));
    } else if (list && json_is_array(given)) {
        take_list(r, m, given, to, errors);
    } else if (list) {
        expected(r, errors, m, tr("an array"));
    } else {
        const char *text = scalar(r->arena, m, given);
        expected(r, errors, m, text ? take_text(r->arena, m, text, (char *)to + m->offset) : tr("a text"));
    }
}

static const struct member *member_named(const struct shape *s, const char *name)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->members[i].name, name) == 0)
            return &s->members[i];
    return NULL;
}

static void take_object(struct request *r, const struct shape *s, const json_t *given, void *to,
                        struct api_errors *errors)
{
    if (!json_is_object(given)) {
        api_error_add(r, errors, "", tr("A JSON object is expected."));
        return;
    }
    for (void *it = json_object_iter((json_t *)(uintptr_t)given); it;
         it = json_object_iter_next((json_t *)(uintptr_t)given, it))
        if (!member_named(s, json_object_iter_key(it)))
            api_error_add(r, errors, json_object_iter_key(it), tr("There is no such field."));
    for (size_t i = 0; i < s->count; i++)
        take_member(r, &s->members[i], json_object_get(given, s->members[i].name), to, errors);
}

bool shape_take(struct request *r, struct response *answer, const struct shape *s, void *to)
{
    struct api_errors errors = {0};
    const json_t *body = api_body(r, answer);
    if (!body)
        return false;
    take_object(r, s, body, to, &errors);
    if (errors.count)
        api_refuse(r, answer, &errors);
    return !errors.count;
}

/* Parameters of one name, as many as there are. */
static void ask_texts(struct request *r, const struct member *m, void *to, struct api_errors *errors)
{
    const char **texts = NEW(r->arena, const char *, r->query.count + 1);
    const struct member text = {.name = m->name, .kind = SHAPE_TEXT, .names = m->names};
    size_t count = 0;
    for (size_t i = 0; i < r->query.count; i++)
        if (strcmp(r->query.at[i].name, m->name) == 0)
            expected(r, errors, m, take_text(r->arena, &text, r->query.at[i].value, &texts[count++]));
    memcpy((char *)to + m->offset, &texts, sizeof texts);
    memcpy((char *)to + m->count, &count, sizeof count);
}

bool shape_ask(struct request *r, struct response *answer, const struct shape *s, void *to)
{
    struct api_errors errors = {0};
    for (size_t i = 0; i < r->query.count; i++)
        if (!member_named(s, r->query.at[i].name))
            api_error_add(r, &errors, r->query.at[i].name, tr("There is no such parameter."));
    for (size_t i = 0; i < s->count; i++) {
        const struct member *m = &s->members[i];
        const char *text = param(&r->query, m->name);
        if (m->kind == SHAPE_TEXTS)
            ask_texts(r, m, to, &errors);
        else if (text)
            expected(r, &errors, m, take_text(r->arena, m, text, (char *)to + m->offset));
        else if (!m->maybe)
            api_error_add(r, &errors, m->name, arena_print(r->arena, tr("%s: this is needed."), m->name));
    }
    if (errors.count)
        api_refuse(r, answer, &errors);
    return !errors.count;
}
