/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "json/json_tree.h"

#include <jansson.h>
#include <string.h>

#include "i18n/i18n.h"
#include "text/buffer.h"

enum { DEEPEST = 64 };

static struct fault *build(struct arena *a, json_t *from, struct json_tree *to, int depth);

static struct fault *build_list(struct arena *a, json_t *from, struct json_tree *to, int depth)
{
    to->count = json_array_size(from);
    to->items = NEW(a, struct json_tree, to->count + 1);
    for (size_t i = 0; i < to->count; i++) {
        to->items[i].parent = to;
        TRY(build(a, json_array_get(from, i), &to->items[i], depth + 1));
    }
    return NULL;
}

static struct fault *build_object(struct arena *a, json_t *from, struct json_tree *to, int depth)
{
    const char *name;
    json_t *value;
    to->items = NEW(a, struct json_tree, json_object_size(from) + 1);
    json_object_foreach(from, name, value)
    {
        struct json_tree *item = &to->items[to->count++];
        item->parent = to;
        item->name = arena_text(a, name, strlen(name));
        TRY(build(a, value, item, depth + 1));
    }
    return NULL;
}

static struct fault *build(struct arena *a, json_t *from, struct json_tree *to, int depth)
{
    static const enum tree_kind kinds[] = {
        [JSON_OBJECT] = TREE_OBJECT,  [JSON_ARRAY] = TREE_LIST,  [JSON_STRING] = TREE_TEXT,
        [JSON_INTEGER] = TREE_NUMBER, [JSON_REAL] = TREE_NUMBER, [JSON_TRUE] = TREE_BOOL,
        [JSON_FALSE] = TREE_BOOL,     [JSON_NULL] = TREE_NULL};
    to->kind = kinds[json_typeof(from)];
    to->truth = json_is_true(from);
    if (depth > DEEPEST)
        return fault(FAULT_INVALID, "The JSON is too deep.");
    if (json_is_string(from))
        to->text = slice_of(arena_text(a, json_string_value(from), json_string_length(from)));
    to->number = json_number_value(from);
    to->whole = json_is_integer(from);
    to->integer = json_integer_value(from);
    if (to->kind == TREE_LIST)
        TRY(build_list(a, from, to, depth));
    if (to->kind == TREE_OBJECT)
        TRY(build_object(a, from, to, depth));
    return arena_check(a);
}

static void release(void *json)
{
    json_decref(json);
}

struct fault *json_tree_read(struct arena *a, struct slice text, struct json_tree **out)
{
    json_error_t wrong;
    ARENA_SCOPE(work);
    json_t *parsed = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &wrong);
    if (!parsed)
        return fault(FAULT_INVALID, "This is not JSON: line %d, column %d: %s.", wrong.line, wrong.column,
                     wrong.text);
    arena_defer(work, release, parsed);
    *out = NEW(a, struct json_tree, 1);
    return build(a, parsed, *out, 0);
}

const struct json_tree *json_tree_member(const struct json_tree *t, const char *name)
{
    for (size_t i = 0; i < t->count && t->kind == TREE_OBJECT; i++)
        if (strcmp(t->items[i].name, name) == 0)
            return t->items[i].kind == TREE_NULL ? NULL : &t->items[i];
    return NULL;
}

const char *json_tree_path(struct arena *a, const struct json_tree *t)
{
    if (!t->parent)
        return "";
    const char *above = json_tree_path(a, t->parent);
    if (t->name)
        return arena_print(a, "%s%s%s", above, *above ? "." : "", t->name);
    return arena_print(a, "%s[%zu]", above, (size_t)(t - t->parent->items));
}

/* "a number" ... in the thread's language. */
static const char *kind_name(enum tree_kind kind)
{
    static const char *const names[] = {
        [TREE_NULL] = N_("nothing"), [TREE_BOOL] = N_("true or false"), [TREE_NUMBER] = N_("a number"),
        [TREE_TEXT] = N_("a text"),  [TREE_LIST] = N_("a list"),        [TREE_OBJECT] = N_("an object")};
    return tr(names[kind]);
}

struct fault *json_tree_expect(const struct json_tree *t, enum tree_kind kind)
{
    if (t->kind == kind)
        return NULL;
    ARENA_SCOPE(work);
    const char *path = json_tree_path(work, t);
    if (!*path)
        return fault(FAULT_INVALID, "The file does not hold %s.", kind_name(kind));
    return fault_in(path, fault(FAULT_INVALID, "%s is not %s.", path, kind_name(kind)));
}

struct fault *json_tree_want(const struct json_tree *t, const char *name, enum tree_kind kind,
                             const struct json_tree **out)
{
    ARENA_SCOPE(work);
    *out = json_tree_member(t, name);
    if (*out)
        return json_tree_expect(*out, kind);
    const char *path = json_tree_path(work, t);
    path = arena_print(work, "%s%s%s", path, *path ? "." : "", name);
    return fault_in(path, fault(FAULT_INVALID, "%s is missing.", path));
}

struct fault *json_tree_only(const struct json_tree *t, const char *const *known)
{
    for (size_t i = 0; i < t->count; i++) {
        size_t k = 0;
        while (known[k] && strcmp(known[k], t->items[i].name) != 0)
            k++;
        if (known[k])
            continue;
        ARENA_SCOPE(work);
        const char *path = json_tree_path(work, &t->items[i]);
        return fault_in(path, fault(FAULT_INVALID, "%s is not known here.", path));
    }
    return NULL;
}
