/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* assemble_cover.c - `grappe assemble --or-library`. */
#include <stdio.h>
#include <unistd.h>

#include "assembly/or_library.h"
#include "commands/assemble.h"
#include "i18n/i18n.h"
#include "rows.h"

#define LIMIT_TABLE (1024 * MIB)
#define LIMIT_OUTPUT (256 * MIB)

static const char *sentence(struct arena *a, enum language l, const struct cover_answer *r)
{
    if (r->status == ASSEMBLY_INFEASIBLE)
        return arena_print(a, tr_in(l, "Row %d is covered by no column: there is no cover."),
                           r->missing[0] + 1);
    if (r->status == ASSEMBLY_OPTIMAL)
        return arena_print(a,
                           tr_in(l, "These columns (%d) cover all rows for %lld; proven: none do for less."),
                           r->member_count, (long long)r->cost);
    return arena_print(
        a,
        tr_in(l, "These columns (%d) cover all rows for %lld; perhaps others do for less, but none "
                 "for less than %lld."),
        r->member_count, (long long)r->cost, (long long)r->bound);
}

/* Which member covers each row: the first that does. */
static void put_assignment(struct json *j, const struct cover *c, const struct cover_answer *r)
{
    ARENA_SCOPE(work);
    bool *done = NEW(work, bool, c->rows + 1);
    json_put_key(j, "assignment");
    json_begin_object(j);
    for (int32_t m = 0; m < r->member_count; m++)
        for (int32_t k = c->column_start[r->members[m]]; k < c->column_start[r->members[m] + 1]; k++) {
            char row[16];
            if (done[c->column_row[k]])
                continue;
            done[c->column_row[k]] = true;
            (void)snprintf(row, sizeof row, "%d", c->column_row[k] + 1);
            json_put_key(j, row);
            json_put_integer(j, r->members[m] + 1);
        }
    json_end(j);
}

static void put_json(struct arena *a, struct buffer *out, const struct assembling *w, const struct cover *c,
                     const struct cover_answer *r)
{
    struct json j = json_writer(out);
    json_begin_object(&j);
    assemble_put_head(&j, r->status, r->status != ASSEMBLY_INFEASIBLE, (double)r->cost, (double)r->bound);
    assemble_put_numbers(&j, "members", r->members, r->member_count, 1);
    put_assignment(&j, c, r);
    assemble_put_numbers(&j, "missing", r->missing, r->missing_count, 1);
    json_put_key(&j, "reasons");
    json_begin_array(&j);
    json_put_text(&j, sentence(a, language(), r));
    json_end(&j);
    json_put_key(&j, "nodes");
    json_put_integer(&j, r->nodes);
    json_put_key(&j, "steps");
    json_put_integer(&j, r->steps);
    json_put_key(&j, "seconds");
    json_put_real(&j, assemble_seconds(w));
    json_put_key(&j, "sentence_fr");
    json_put_text(&j, sentence(a, LANGUAGE_FR, r));
    json_put_key(&j, "sentence_en");
    json_put_text(&j, sentence(a, LANGUAGE_EN, r));
    json_end(&j);
    buffer_char(out, '\n');
}

static void put_text(struct arena *a, struct buffer *out, const struct cover_answer *r)
{
    buffer_print(out, "%s\n", sentence(a, language(), r));
    for (int32_t m = 0; m < r->member_count; m++)
        buffer_print(out, "%s%d", m ? " " : "", r->members[m] + 1);
    buffer_text(out, r->member_count ? "\n" : "");
}

struct fault *assemble_cover(struct arena *a, struct assembling *w)
{
    enum { USUAL_SECONDS = 60, RAIL_SECONDS = 120 };
    struct slice text;
    struct cover c;
    struct cover_answer answer;
    struct buffer *out = buffer_new(a, LIMIT_OUTPUT);
    if (w->seconds < 0)
        w->seconds = w->rail ? RAIL_SECONDS : USUAL_SECONDS;
    struct cover_options o = {.seed = w->seed,
                              .budget = (int64_t)(w->seconds * ASSEMBLE_STEPS_A_SECOND),
                              .go_on = assemble_go_on,
                              .with = w};
    TRY(assemble_read_file(a, w->table, LIMIT_TABLE, &text));
    TRY(or_library_parse(a, text, w->rail, &c));
    if (w->proof)
        TRY(assemble_proof_open(a, w->proof, &o.proof));
    TRY(cover_solve(a, &c, &o, &answer));
    if (isatty(STDERR_FILENO))
        (void)fputc('\n', stderr);
    if (w->json)
        put_json(a, out, w, &c, &answer);
    else
        put_text(a, out, &answer);
    return answer_print(out);
}
