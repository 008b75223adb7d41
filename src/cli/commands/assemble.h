/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* assemble.h - what the halves of `grappe assemble` share. */
#ifndef GRAPPE_ASSEMBLE_COMMAND_H
#define GRAPPE_ASSEMBLE_COMMAND_H

#include "assembly/cover.h"
#include "command.h"
#include "text/json.h"
#include "text/slice.h"

struct assembling {
    const char *problem, *table, *proof; /* paths: a problem in JSON, or a table of the OR-Library */
    bool rail, json, front, losses;
    int32_t top;
    double seconds; /* time limit; below 0: none was given */
    uint64_t seed;
    int64_t started_us;
};

/* Steps that a second of the time limit stands for: some 60 % of what an ordinary machine does, so that the
 * steps run out before the clock does, and a run repeats. */
#define ASSEMBLE_STEPS_A_SECOND 300000000.0

struct fault *assemble_read_file(struct arena *, const char *path, size_t most, struct slice *) MUST_CHECK;
/* Whether the clock allows more; shows how far it is where somebody looks on. */
bool assemble_go_on(void *assembling, const struct cover_progress *);
double assemble_seconds(const struct assembling *); /* since the start */

/* A file that a certificate is written to. INVALID: it cannot be made. */
struct fault *assemble_proof_open(struct arena *, const char *path, struct proof_out **) MUST_CHECK;

struct fault *assemble_cover(struct arena *, struct assembling *) MUST_CHECK;
struct fault *assemble_group(struct arena *, struct assembling *) MUST_CHECK;

/* Parts of an answer, for `grappe assemble --json`. */
void assemble_put_numbers(struct json *, const char *name, const int32_t *, int32_t count, int32_t add);
void assemble_put_head(struct json *, enum assembly_status, bool known, double cost, double bound);

#endif
