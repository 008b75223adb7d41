/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "api/value.h"

#include <inttypes.h>

#include "clock/clock.h"
#include "i18n/i18n.h"

static void put_interval(struct json *j, const struct interval *i)
{
    json_begin_object(j);
    json_put_key(j, "min");
    json_put_integer(j, i->lo);
    json_put_key(j, "max");
    json_put_integer(j, i->hi);
    json_end(j);
}

static void put_terms(struct json *j, const struct term_list *terms)
{
    json_begin_array(j);
    for (size_t i = 0; i < terms->count; i++)
        json_put_id(j, terms->ids[i]);
    json_end(j);
}

static void put_known(struct json *j, struct arena *a, const struct field *f, const void *record)
{
    const void *at = field_in(f, record);
    switch (f->kind) {
    case KIND_text:
    case KIND_longtext:
    case KIND_choice:
        json_put_text(j, *(const char *const *)at);
        break;
    case KIND_integer:
    case KIND_measure:
        json_put_integer(j, *(const int64_t *)at);
        break;
    case KIND_real:
        json_put_real(j, *(const double *)at);
        break;
    case KIND_interval:
        put_interval(j, at);
        break;
    case KIND_flag:
        json_put_bool(j, *(const enum flag *)at == FLAG_YES);
        break;
    case KIND_date:
        json_put_text(j, value_plain(f, a, record));
        break;
    case KIND_ref:
        json_put_id(j, *(const int64_t *)at);
        break;
    case KIND_terms:
        put_terms(j, at);
        break;
    }
}

void api_value_put(struct json *j, struct arena *a, const struct field *f, const void *record)
{
    if (field_known(f, record) || f->kind == KIND_terms)
        put_known(j, a, f, record);
    else
        json_put_null(j);
}

/* Reading: each kind gives the form in which values are stored, or says what it expects. */

static struct fault *unfit(const struct field *f, const char *expected)
{
    return fault_in(f->name, fault(FAULT_INVALID, "%s: %s is expected.", tr(f->label), expected));
}

static struct fault *text_plain(const struct field *f, const json_t *given, const char **plain)
{
    *plain = json_string_value(given);
    return *plain ? NULL : unfit(f, tr("a text"));
}

static struct fault *date_plain(const struct field *f, const json_t *given, const char **plain)
{
    int64_t day;
    *plain = json_string_value(given);
    return *plain && day_parse(slice_of(*plain), &day) ? NULL : unfit(f, tr("a date such as \"2026-03-15\""));
}

static struct fault *integer_plain_of(struct arena *a, const struct field *f, const json_t *given,
                                      const char **plain)
{
    if (!json_is_integer(given))
        return unfit(f, f->kind == KIND_measure ? tr("a whole number of nanometres") : tr("a whole number"));
    *plain = arena_print(a, "%" JSON_INTEGER_FORMAT, json_integer_value(given));
    return NULL;
}

/* An end that is null or left out is open. */
static bool end_plain(struct arena *a, const json_t *end, const char **plain)
{
    bool open = !end || json_is_null(end);
    *plain = open ? "" : arena_print(a, "%" JSON_INTEGER_FORMAT, json_integer_value(end));
    return open || json_is_integer(end);
}

static struct fault *interval_plain_of(struct arena *a, const struct field *f, const json_t *given,
                                       const char **plain)
{
    const json_t *min = json_object_get(given, "min"), *max = json_object_get(given, "max");
    const char *lo = "", *hi = "";
    bool fits = json_is_object(given) && json_object_size(given) == (size_t)((min != NULL) + (max != NULL));
    if (!fits || !end_plain(a, min, &lo) || !end_plain(a, max, &hi))
        return unfit(f, tr("an object with whole numbers or null in \"min\" and \"max\""));
    *plain = *lo || *hi ? arena_print(a, "%s..%s", lo, hi) : "";
    return NULL;
}

static bool all_digits(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}

static struct fault *reference_plain(const struct field *f, const json_t *given, const char **plain)
{
    *plain = json_string_value(given);
    return *plain && all_digits(*plain) ? NULL : unfit(f, tr("an identifier as a text"));
}

/* The id of the term with this code, as text; NULL: there is none. */
static struct fault *term_with_code(struct door *d, const char *code, const char **id)
{
    struct list_filter by = {"code.is", code};
    struct list_request asked = {
        .type = &term_type, .filters = &by, .filter_count = 1, .plain = true, .per_page = 1};
    struct list_page page = {0};
    *id = NULL;
    if (field_find(&term_type, "code")->check(code) != NULL)
        return NULL;
    TRY(door_list(d, &asked, &page));
    if (page.count)
        *id = arena_print(door_arena(d), "%" PRId64, ((const struct term *)page.records)->id);
    return NULL;
}

static struct fault *terms_plain_of(struct door *d, const struct field *f, const json_t *given,
                                    const char **plain)
{
    struct arena *a = door_arena(d);
    struct buffer *ids = buffer_new(a, LIMIT_TERMS * 24);
    if (!json_is_array(given) || json_array_size(given) > LIMIT_TERMS)
        return unfit(f, tr("an array of terms, by identifier or code"));
    for (size_t i = 0; i < json_array_size(given); i++) {
        const char *text = json_string_value(json_array_get(given, i)), *id = text;
        if (!text)
            return unfit(f, tr("an array of terms, by identifier or code"));
        if (!all_digits(text))
            TRY(term_with_code(d, text, &id));
        if (!id)
            return fault_in(f->name,
                            fault(FAULT_INVALID, "%s: there is no term \"%.60s\".", tr(f->label), text));
        buffer_print(ids, "%.20s ", id);
    }
    *plain = slice_text(a, slice_trim(buffer_view(ids)));
    return NULL;
}

static struct fault *plain_of(struct door *d, const struct field *f, const json_t *given, const char **plain)
{
    struct arena *a = door_arena(d);
    switch (f->kind) {
    case KIND_text:
    case KIND_longtext:
    case KIND_choice:
        return text_plain(f, given, plain);
    case KIND_date:
        return date_plain(f, given, plain);
    case KIND_integer:
    case KIND_measure:
        return integer_plain_of(a, f, given, plain);
    case KIND_real:
        *plain = json_is_number(given) ? arena_print(a, "%.17g", json_number_value(given)) : "";
        return json_is_number(given) ? NULL : unfit(f, tr("a number"));
    case KIND_interval:
        return interval_plain_of(a, f, given, plain);
    case KIND_flag:
        *plain = json_is_true(given) ? "1" : "0";
        return json_is_boolean(given) ? NULL : unfit(f, tr("true or false"));
    case KIND_ref:
        return reference_plain(f, given, plain);
    case KIND_terms:
        return terms_plain_of(d, f, given, plain);
    }
    return NULL;
}

struct fault *api_value_take(struct door *d, const struct field *f, const json_t *given, void *record)
{
    const struct record_type one = {.fields = f, .count = 1};
    bool words = f->kind == KIND_text || f->kind == KIND_longtext;
    const char *plain = "";
    if (!json_is_null(given))
        TRY(plain_of(d, f, given, &plain));
    if (words) /* as a form reads them: white space at the ends is nobody's wish */
        TRY(value_parse(f, door_arena(d), slice_of(plain), record));
    else
        TRY(value_load(f, door_arena(d), slice_of(plain), record));
    return record_check(&one, record);
}

const char *api_value_plain(struct arena *a, const struct field *f, const char *text)
{
    if (f->kind == KIND_flag)
        return strcmp(text, "true") == 0 ? "1" : strcmp(text, "false") == 0 ? "0" : text;
    return f->kind == KIND_interval ? arena_print(a, "%s..%s", text, text) : text;
}
