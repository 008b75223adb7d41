/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* schedule_check.c - `grappe schedule check`: an answer of `grappe schedule --json`, taken at its word. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "arena/arena.h"
#include "command.h"
#include "commands/schedule_options.h"
#include "files/files.h"
#include "i18n/i18n.h"
#include "schedule/schedule_check.h"
#include "words/words.h"

struct claim {
    struct arena *arena;
    const char *path;
    json_t *json;
    struct schedule_file file;
    struct schedule said;
};

static void forget(void *json)
{
    json_decref(json);
}

MUST_CHECK static struct fault *wrong(const struct claim *c, const char *key)
{
    return fault(FAULT_INVALID, "%s: \"%s\" is missing, or is not what it should be.", c->path, key);
}

static struct fault *number_of(const struct claim *c, const json_t *object, const char *key, int64_t low,
                               int64_t high, int64_t *number)
{
    const json_t *value = json_object_get(object, key);
    *number = json_integer_value(value);
    return json_is_integer(value) && *number >= low && *number <= high ? NULL : wrong(c, key);
}

static struct fault *counts_of(const struct claim *c, const char *key, int *counts)
{
    const json_t *array = json_object_get(c->json, key);
    for (size_t i = 0; i < MEETING_LEVELS; i++) {
        const json_t *value = json_array_get(array, i);
        if (!json_is_integer(value))
            return wrong(c, key);
        counts[i] = (int)json_integer_value(value);
    }
    return NULL;
}

static struct slice text_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)}
                                 : S("");
}

static struct fault *read_meetings(struct claim *c)
{
    const json_t *meetings = json_object_get(c->json, "meetings");
    size_t count = c->file.problem.count;
    c->said.slot = NEW(c->arena, int, count + 1);
    c->said.table = NEW(c->arena, int, count + 1);
    memset(c->said.slot, -1, count * sizeof *c->said.slot);
    if (!json_is_array(meetings))
        return wrong(c, "meetings");
    for (size_t i = 0; i < json_array_size(meetings); i++) {
        const json_t *m = json_array_get(meetings, i);
        int64_t slot, table, request = schedule_request_of(&c->file, text_of(m, "a"), text_of(m, "b"));
        if (request < 0 || c->said.slot[request] >= 0)
            return fault(FAULT_INVALID, "%s: meeting %zu was not asked for, or stands there twice.", c->path,
                         i + 1);
        TRY(number_of(c, m, "slot", 0, LIMIT_SCHEDULE_SLOTS, &slot));
        TRY(number_of(c, m, "table", 0, LIMIT_SCHEDULE_PERSONS, &table));
        c->said.slot[request] = (int)slot;
        c->said.table[request] = (int)table;
    }
    return NULL;
}

static struct fault *read_certificate(struct claim *c)
{
    const json_t *certificate = json_object_get(c->json, "certificate");
    const json_t *persons = json_object_get(certificate, "persons");
    c->said.price_a = NEW(c->arena, int64_t, c->file.problem.persons + 1);
    c->said.price_b = NEW(c->arena, int64_t, c->file.problem.persons + 1);
    TRY(number_of(c, certificate, "table", 0, LIMIT_SCHEDULE_WEIGHT, &c->said.price_table));
    for (size_t i = 0; i < json_array_size(persons); i++) {
        const json_t *p = json_array_get(persons, i);
        uint32_t person = vocabulary_find(c->file.persons, text_of(p, "person"));
        if (person == VOCABULARY_NONE)
            return wrong(c, "person");
        TRY(number_of(c, p, "as_a", 0, LIMIT_SCHEDULE_WEIGHT, &c->said.price_a[person]));
        TRY(number_of(c, p, "as_b", 0, LIMIT_SCHEDULE_WEIGHT, &c->said.price_b[person]));
    }
    return NULL;
}

static struct fault *read_claim(struct claim *c)
{
    enum { MOST = 1 << 28 };
    struct slice text;
    bool there = false;
    TRY(file_read(c->arena, c->path, MOST, &text, &there));
    if (!there)
        return fault(FAULT_NOT_FOUND, "There is no file %s.", c->path);
    json_error_t error;
    c->json = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, &error);
    if (!c->json)
        return fault(FAULT_INVALID, "%s, line %d: %s", c->path, error.line, error.text);
    arena_defer(c->arena, forget, c->json);
    c->said.optimal = slice_equal(text_of(c->json, "status"), S("optimal"));
    TRY(counts_of(c, "n", c->said.met));
    TRY(number_of(c, c->json, "W", 0, INT64_MAX, &c->said.weight));
    TRY(number_of(c, c->json, "W_bound", 0, INT64_MAX, &c->said.weight_bound));
    TRY(read_meetings(c));
    return read_certificate(c);
}

static struct fault *check_run(struct arena *a, int argc, char **argv)
{
    struct schedule_options asked = {.slots = -1, .tables = -1};
    const struct command_option options[] = {{"late", .text = &asked.late}, SCHEDULE_OPTIONS(&asked)};
    struct claim c = {.arena = a};
    char **more = NULL;
    int more_count = 0;
    TRY(options_read(argc, argv, options, COUNT(options),
                     (struct operand){&asked.requests, tr("no file of requests"), &more, &more_count}));
    if (more_count != 1)
        return missing_fault("ANSWER.json");
    c.path = more[0];
    TRY(schedule_files_read(a, &asked, &c.file));
    TRY(read_claim(&c));
    TRY(schedule_check(a, &c.file.problem, &c.said));
    (void)printf(tr("This is a plan of these requests; no plan weighs more than %lld.\n"),
                 (long long)c.said.weight_bound);
    return NULL;
}

const struct command schedule_check_command = {
    .name = "schedule check",
    .summary = N_("Check a plan of meetings and the proof of its bound"),
    .help =
        N_("grappe schedule check REQUESTS.csv ANSWER.json --slots N --tables M [--availability AV.csv]\n"
           "                      [--caps CAPS.csv] [--late LATE.csv] [--one-set] [--fair levels|none]\n\n"
           "ANSWER.json is what `grappe schedule --json` wrote for the same files and options. Each rule is\n"
           "looked at again, everything is counted again, and the certificate must prove the bound. Shares\n"
           "no code with the planning.\n\n"
           "Exit: 0 all of it is so, 65 something is not, and what.\n"
           "Example: grappe schedule check requests.csv answer.json --slots 12 --tables 20"),
    .run = check_run,
};
