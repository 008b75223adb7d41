/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* match.c - `grappe match`: firms and needs from files, matches to standard output. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clock/clock.h"
#include "command.h"
#include "commands/match_files.h"
#include "i18n/i18n.h"
#include "record/record.h"
#include "taxonomy/builtin.h"
#include "text/buffer.h"
#include "text/json.h"

enum { MOST_DEFAULT = 20, OUTPUT_LIMIT = 1 << 28 };

struct options {
    const char *firms, *needs, *taxonomy, *wordings;
    struct match_options match;
    struct match_weights weights;
    int64_t today;
    bool json;
};

static struct fault *parse_weights(char *text, struct match_weights *out)
{
    for (char *save, *part = strtok_r(text, ",", &save); part; part = strtok_r(NULL, ",", &save)) {
        char *equals = strchr(part, '=');
        double value;
        int found = -1;
        if (equals)
            *equals = '\0';
        for (int k = 0; k < CRITERIA; k++)
            if (strcmp(part, criterion_name((enum criterion)k)) == 0)
                found = k;
        if (!equals || found < 0 || !real_parse(slice_of(equals + 1), &value))
            return usage_fault(part);
        out->of[found] = value;
    }
    return NULL;
}

static struct fault *parse_options(int argc, char **argv, struct options *o)
{
    static const struct option known[] = {
        {"firms", required_argument, NULL, 'f'},    {"needs", required_argument, NULL, 'n'},
        {"top", required_argument, NULL, 't'},      {"json", no_argument, NULL, 'j'},
        {"weights", required_argument, NULL, 'w'},  {"taxonomy", required_argument, NULL, 'x'},
        {"wordings", required_argument, NULL, 'o'}, {"bm25", no_argument, NULL, 'b'},
        {"today", required_argument, NULL, 'd'},    {NULL, 0, NULL, 0}};
    *o = (struct options){.match = {.most = MOST_DEFAULT}, .weights = match_default_weights, .today = today()};
    opterr = 0;
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) >= 0;) {
        int64_t most;
        switch (c) {
        case 'f':
            o->firms = optarg;
            break;
        case 'n':
            o->needs = optarg;
            break;
        case 't':
            if (!integer_parse(slice_of(optarg), &most) || most < 1 || most > LIMIT_MATCHES)
                return usage_fault(optarg);
            o->match.most = (int)most;
            break;
        case 'j':
            o->json = true;
            break;
        case 'w':
            TRY(parse_weights(optarg, &o->weights));
            break;
        case 'x':
            o->taxonomy = optarg;
            break;
        case 'o':
            o->wordings = optarg;
            break;
        case 'b':
            o->match.bm25_only = true;
            break;
        case 'd':
            if (!day_parse(slice_of(optarg), &o->today))
                return usage_fault(optarg);
            break;
        default:
            return usage_fault(argv[optind - 1]);
        }
    }
    if (optind < argc)
        return usage_fault(argv[optind]);
    return o->firms && o->needs ? NULL : usage_fault(o->firms ? "--needs" : "--firms");
}

static struct fault *read_file(struct arena *a, const char *path, struct slice *out)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return fault(FAULT_IO, "%s cannot be opened.", path);
    struct buffer *all = buffer_new(a, 64 * MIB);
    char block[65536];
    for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;)
        buffer_add(all, block, n);
    bool bad = ferror(file);
    (void)fclose(file);
    if (bad)
        return fault(FAULT_IO, "%s cannot be read.", path);
    *out = buffer_view(all);
    return buffer_check(all);
}

static struct fault *load_lexicon(struct arena *a, const struct options *o, const struct lexicon **out)
{
    struct slice terms = taxonomy_builtin(), wordings = wordings_builtin();
    struct term_source *source;
    const struct term_tree *tree;
    int count;
    if (o->taxonomy)
        TRY(read_file(a, o->taxonomy, &terms));
    if (o->wordings)
        TRY(read_file(a, o->wordings, &wordings));
    TRY(taxonomy_parse(a, terms, &source, &count));
    TRY(taxonomy_build(a, source, count, &tree));
    return lexicon_new(a, tree, wordings, out);
}

static void print_cell(struct buffer *out, struct slice s)
{
    bool quoted = false;
    for (size_t i = 0; i < s.len; i++)
        quoted |= strchr("\",;\n\r", s.ptr[i]) != NULL;
    if (!quoted) {
        buffer_slice(out, s);
        return;
    }
    buffer_char(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"')
            buffer_char(out, '"');
        buffer_char(out, s.ptr[i]);
    }
    buffer_char(out, '"');
}

static struct fault *run_match(struct arena *a, int argc, char **argv)
{
    struct options o;
    const struct lexicon *lexicon;
    struct match_firms firms;
    struct match_needs needs;
    const struct matcher *matcher;
    TRY(parse_options(argc, argv, &o));
    o.match.weights = &o.weights;
    TRY(load_lexicon(a, &o, &lexicon));
    TRY(match_read_firms(a, lexicon, o.firms, &firms));
    TRY(match_read_needs(a, lexicon, &firms, o.needs, &needs));
    TRY(matcher_new(a, lexicon, firms.firms, firms.firm_count, firms.capabilities, firms.capability_count, &matcher));
    struct stemming *stemming = stemming_new(a);
    (void)printf("need,firm,rank,score_lo,score_hi,reasons\n");
    for (int i = 0; i < needs.count; i++) {
        ARENA_SCOPE(scratch);
        struct reading *reading;
        struct match_answer answer;
        struct match_need *n = &needs.needs[i];
        struct buffer *out = buffer_new(scratch, OUTPUT_LIMIT);
        struct fault *f = match_read_need(scratch, lexicon, stemming, o.today, &match_places, n, &reading);
        if (!f)
            f = match_run(matcher, scratch, n, o.today, &o.match, &answer);
        if (f) {
            (void)fprintf(stderr, "%s: line %lld: %s\n", o.needs, (long long)needs.lines[i], f->text);
            continue;
        }
        if (!answer.count)
            (void)fprintf(stderr, tr("Need %.*s: nobody here.\n"), SLICE_ARGS(needs.ids[i]));
        for (int k = 0; k < answer.count; k++) {
            const struct matched *x = &answer.list[k];
            print_cell(out, needs.ids[i]);
            buffer_char(out, ',');
            print_cell(out, firms.firms[x->firm].id);
            buffer_print(out, ",%d,%.6f,%.6f,\n", k + 1, x->score_low, x->score_high);
        }
        (void)fwrite(out->len ? out->ptr : "", 1, out->len, stdout);
    }
    return NULL;
}

const struct command match_command = {
    .name = "match",
    .summary = N_("Firms that answer needs, from two CSV files, ranked and explained"),
    .help = N_("Usage: grappe match --firms FIRMS.csv --needs NEEDS.csv"),
    .run = run_match,
};
