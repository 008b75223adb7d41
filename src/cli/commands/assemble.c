/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* assemble.c - `grappe assemble`: the cheapest group that does it all, with its proof. */
#include "commands/assemble.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "options.h"
#include "record/record.h"

#define LIMIT_PROOF ((int64_t)1 << 30)
#define LIMIT_ANSWER ((size_t)1 << 28)

struct fault *assemble_read_file(struct arena *a, const char *path, size_t most, struct slice *out)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return fault(FAULT_NOT_FOUND, "%s cannot be opened.", path);
    struct buffer *all = buffer_new(a, most);
    char block[65536];
    for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0 && !all->over;)
        buffer_add(all, block, n);
    bool bad = ferror(file);
    (void)fclose(file);
    if (bad)
        return fault(FAULT_IO, "%s cannot be read.", path);
    *out = buffer_view(all);
    return buffer_check(all);
}

double assemble_seconds(const struct assembling *w)
{
    return (double)(monotonic_us() - w->started_us) / (double)SECOND_US;
}

bool assemble_go_on(void *with, const struct cover_progress *p)
{
    const struct assembling *w = with;
    if (isatty(STDERR_FILENO))
        (void)fprintf(stderr, tr("\r%d %%, best %lld, at least %lld, %lld nodes "),
                      (int)(100 * ((double)p->steps / ((double)p->budget + 1))), (long long)p->cost,
                      (long long)p->bound, (long long)p->nodes);
    return assemble_seconds(w) < w->seconds;
}

/* --- the certificate ------------------------------------------------------------------------------- */

static bool write_part(void *with, const uint8_t *bytes, size_t count)
{
    return fwrite(bytes, 1, count, with) == count;
}

static bool go_back(void *with, int64_t length)
{
    return fflush(with) == 0 && ftruncate(fileno(with), length) == 0 &&
           fseek(with, (long)length, SEEK_SET) == 0;
}

static void close_file(void *file)
{
    (void)fclose(file);
}

struct fault *assemble_proof_open(struct arena *a, const char *path, struct proof_out **out)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return fault(FAULT_IO, "%s cannot be written.", path);
    arena_defer(a, close_file, file);
    *out = NEW(a, struct proof_out, 1);
    **out = (struct proof_out){.write = write_part, .back = go_back, .with = file, .most = LIMIT_PROOF};
    return NULL;
}

/* --- the answer ------------------------------------------------------------------------------------ */

void assemble_put_numbers(struct json *j, const char *name, const int32_t *numbers, int32_t count,
                          int32_t add)
{
    json_put_key(j, name);
    json_begin_array(j);
    for (int32_t k = 0; k < count; k++)
        json_put_integer(j, numbers[k] + add);
    json_end(j);
}

void assemble_put_head(struct json *j, enum assembly_status status, bool known, double cost, double bound)
{
    const struct {
        const char *name;
        double value;
    } numbers[] = {{"cost", cost}, {"bound", bound}, {"gap", cost > 0 ? (cost - bound) / cost : 0}};
    json_put_key(j, "status");
    json_put_text(j, assembly_status_name(status));
    for (size_t k = 0; k < COUNT(numbers); k++) {
        json_put_key(j, numbers[k].name);
        json_put_real(j, known ? numbers[k].value : NAN);
    }
}

/* --- options --------------------------------------------------------------------------------------- */

static struct fault *read_top(char *typed, void *into)
{
    enum { MOST = 1000 };
    int64_t top;
    if (!integer_parse(slice_of(typed), &top) || top < 1 || top > MOST)
        return usage_fault(typed);
    *(int32_t *)into = (int32_t)top;
    return NULL;
}

static struct fault *assemble_run(struct arena *a, int argc, char **argv)
{
    struct assembling w = {.seconds = -1, .top = 1, .started_us = monotonic_us()};
    const struct command_option options[] = {
        {"or-library", .text = &w.table},
        {"rail", .flag = &w.rail},
        {"time-limit", .read = option_seconds, .into = &w.seconds},
        {"seed", .read = option_seed, .into = &w.seed},
        {"top", .read = read_top, .into = &w.top},
        {"pareto", .flag = &w.front},
        {"resilience", .flag = &w.losses},
        {"proof", .text = &w.proof},
        {"json", .flag = &w.json},
    };
    TRY(options_read(argc, argv, options, COUNT(options), (struct operand){&w.problem}));
    if (w.table && w.problem)
        return usage_fault(w.problem);
    if (!w.table && !w.problem)
        return missing_fault("PROBLEM.json");
    return w.table ? assemble_cover(a, &w) : assemble_group(a, &w);
}

const struct command assemble_command = {
    .name = "assemble",
    .summary = N_("The cheapest group that covers all that is needed, proven"),
    .help = N_(
        "Usage: grappe assemble PROBLEM.json [options]\n"
        "       grappe assemble --or-library FILE [--rail] [options]\n"
        "\n"
        "The cheapest group of firms that together do every step, within the limits that PROBLEM.json sets\n"
        "(docs/engine-assembly.md has its form); or what is missing, and the least that would mend it.\n"
        "--or-library: the cheapest columns that cover all rows of a table of the OR-Library (--rail: by\n"
        "columns); members are then column numbers from 1.\n"
        "\n"
        "  --time-limit S   seconds, 60 unless told, 120 for --rail: steps are counted, so that the same "
        "seed\n"
        "                   gives the same answer; the clock ends it only on a slow machine\n"
        "  --top K          the K cheapest groups\n"
        "  --pareto         all groups that none beats in cost, members and diameter\n"
        "  --resilience     what losing one member, or two, costs or breaks\n"
        "  --seed N         of the search for covers, 0 unless told\n"
        "  --proof FILE     writes a certificate for grappe assemble check\n"
        "  --json           status, cost, bound, gap, members, assignment, missing, reasons, nodes, seconds\n"
        "\n"
        "Example: grappe assemble problem.json --json --proof problem.proof > answer.json"),
    .run = assemble_run,
};
