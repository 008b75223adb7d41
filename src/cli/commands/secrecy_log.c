/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "commands/secrecy_log.h"

#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "files/files.h"
#include "i18n/i18n.h"
#include "text/json.h"
#include "words/words.h"
#include "json/json_tree.h"

static int by_unit(const void *a, const void *b)
{
    const struct secrecy_member *x = a, *y = b;
    return (x->unit > y->unit) - (x->unit < y->unit);
}

/* ["unit", "group", value, natural] */
static struct fault *read_member(const struct secrecy_log *l, const struct json_tree *from,
                                 struct secrecy_member *m)
{
    static const enum tree_kind kinds[] = {TREE_TEXT, TREE_TEXT, TREE_NUMBER, TREE_BOOL};
    TRY(json_tree_expect(from, TREE_LIST));
    for (size_t i = 0; i < COUNT(kinds) && i < from->count; i++)
        TRY(json_tree_expect(&from->items[i], kinds[i]));
    if (from->count != COUNT(kinds) || from->items[2].number < 0)
        return fault(FAULT_INVALID, "A unit is its name, its group, a value from 0 on, and true or false.");
    *m = (struct secrecy_member){(int32_t)vocabulary_add(l->units, from->items[0].text),
                                 (int32_t)vocabulary_add(l->groups, from->items[1].text),
                                 from->items[3].truth, from->items[2].number};
    return NULL;
}

/* "" when it is not there. */
static const char *text_of(struct arena *a, const struct json_tree *entry, const char *name)
{
    const struct json_tree *text = json_tree_member(entry, name);
    return text && text->kind == TREE_TEXT ? arena_text(a, text->text.ptr, text->text.len) : "";
}

static struct fault *read_entry(struct arena *a, struct secrecy_log *l, const struct json_tree *entry)
{
    const struct json_tree *variable, *period, *status, *units, *value = NULL;
    TRY(json_tree_expect(entry, TREE_OBJECT));
    TRY(json_tree_want(entry, "variable", TREE_TEXT, &variable));
    TRY(json_tree_want(entry, "period", TREE_TEXT, &period));
    TRY(json_tree_want(entry, "status", TREE_TEXT, &status));
    TRY(json_tree_want(entry, "units", TREE_LIST, &units));
    bool hidden = strcmp(status->text.ptr, "hidden") == 0;
    if (!hidden)
        TRY(json_tree_want(entry, "value", TREE_NUMBER, &value));
    if (strcmp(variable->text.ptr, l->variable) != 0 || strcmp(period->text.ptr, l->period) != 0)
        return NULL;
    struct secrecy_member *members = NEW(a, struct secrecy_member, units->count + 1);
    for (size_t i = 0; i < units->count; i++)
        TRY(read_member(l, &units->items[i], &members[i]));
    qsort(members, units->count, sizeof *members, by_unit);
    *PUSH(a, l->sets, l->count, l->capacity) =
        (struct secrecy_set){members, units->count, value ? value->number : 0, hidden};
    *PUSH(a, l->namings, l->naming_count, l->naming_capacity) =
        (struct secrecy_naming){text_of(a, entry, "cell"), text_of(a, entry, "time")};
    return NULL;
}

static struct fault *read_line(struct arena *a, struct secrecy_log *l, struct slice line)
{
    ARENA_SCOPE(work);
    struct json_tree *entry = NULL;
    TRY(json_tree_read(work, line, &entry));
    return read_entry(a, l, entry);
}

/* One that cannot be read is refused when its turn comes. */
static void take_last(struct arena *a, struct secrecy_log *l)
{
    ARENA_SCOPE(work);
    struct slice rest = l->text, line, last = {0};
    struct json_tree *entry = NULL;
    while (slice_cut(&rest, '\n', &line))
        last = line.len ? line : last;
    bool told = json_tree_read(work, last, &entry) == NULL && entry->kind == TREE_OBJECT;
    l->variable = told ? text_of(a, entry, "variable") : "";
    l->period = told ? text_of(a, entry, "period") : "";
}

struct fault *secrecy_log_read(struct arena *a, struct secrecy_log *l)
{
    struct slice rest, line;
    bool there = false;
    int64_t number = 0;
    l->sets = NULL;
    l->namings = NULL;
    l->count = l->capacity = l->naming_count = l->naming_capacity = 0;
    TRY(file_read(a, l->path, 1024 * MIB, &l->text, &there));
    if (!l->variable)
        take_last(a, l);
    for (rest = l->text; slice_cut(&rest, '\n', &line);) {
        number++;
        if (!line.len)
            continue;
        const struct fault *wrong = read_line(a, l, line);
        if (wrong) {
            struct fault why = *wrong;
            return fault(FAULT_INVALID, "%s, line %lld: %s", l->path, (long long)number, why.text);
        }
        TRY(arena_check(a));
    }
    return NULL;
}

static void write_entry(struct buffer *out, const struct secrecy_log *l, const char *time,
                        const struct secrecy_log_entry *e)
{
    struct json j = json_writer(out);
    json_begin_object(&j);
    const struct {
        const char *key, *text;
    } texts[] = {{"variable", l->variable},
                 {"period", l->period},
                 {"cell", e->cell},
                 {"time", time},
                 {"status", e->set->hidden ? "hidden" : "published"}};
    for (size_t i = 0; i < COUNT(texts); i++) {
        json_put_key(&j, texts[i].key);
        json_put_text(&j, texts[i].text);
    }
    if (!e->set->hidden) {
        json_put_key(&j, "value");
        json_put_real(&j, e->set->value);
    }
    json_put_key(&j, "units");
    json_begin_array(&j);
    for (size_t i = 0; i < e->set->count; i++) {
        const struct secrecy_member *m = &e->set->at[i];
        json_begin_array(&j);
        json_put_slice(&j, vocabulary_text(l->units, (uint32_t)m->unit));
        json_put_slice(&j, vocabulary_text(l->groups, (uint32_t)m->group));
        json_put_real(&j, m->value);
        json_put_bool(&j, m->natural);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    buffer_char(out, '\n');
}

struct fault *secrecy_log_append(struct arena *a, const struct secrecy_log *l,
                                 const struct secrecy_log_entry *entries, size_t count)
{
    struct buffer *out = buffer_new(a, 1024 * MIB);
    const char *time = instant_print(a, now_us());
    buffer_slice(out, l->text);
    if (l->text.len && l->text.ptr[l->text.len - 1] != '\n')
        buffer_char(out, '\n');
    for (size_t i = 0; i < count; i++)
        write_entry(out, l, time, &entries[i]);
    TRY(buffer_check(out));
    return file_write(a, l->path, buffer_view(out));
}
