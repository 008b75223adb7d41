/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* match.c - `grappe match`: firms and needs from files, matches to standard output. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "command.h"
#include "commands/match_files.h"
#include "i18n/i18n.h"
#include "matching/explain.h"
#include "options.h"
#include "record/record.h"
#include "rows.h"
#include "taxonomy/builtin.h"
#include "text/buffer.h"
#include "text/fold.h"
#include "text/json.h"

enum { MOST_DEFAULT = 20, OUTPUT_LIMIT = 1 << 28, NEAREST_SAID = 3 };

struct options {
    const char *firms, *needs, *taxonomy, *wordings;
    struct match_options match;
    struct match_weights weights;
    int64_t today;
    bool json;
};

static struct fault *read_weights(char *text, void *into)
{
    struct match_weights *out = into;
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

static struct fault *read_top(char *typed, void *into)
{
    int64_t most;
    if (!integer_parse(slice_of(typed), &most) || most < 1 || most > LIMIT_MATCHES)
        return usage_fault(typed);
    *(int *)into = (int)most;
    return NULL;
}

static struct fault *read_day(char *typed, void *into)
{
    return day_parse(slice_of(typed), into) ? NULL : usage_fault(typed);
}

static struct fault *parse_options(int argc, char **argv, struct options *o)
{
    *o =
        (struct options){.match = {.most = MOST_DEFAULT}, .weights = match_default_weights, .today = today()};
    const struct command_option options[] = {{"firms", .text = &o->firms},
                                             {"needs", .text = &o->needs},
                                             {"top", .read = read_top, .into = &o->match.most},
                                             {"json", .flag = &o->json},
                                             {"weights", .read = read_weights, .into = &o->weights},
                                             {"taxonomy", .text = &o->taxonomy},
                                             {"wordings", .text = &o->wordings},
                                             {"bm25", .flag = &o->match.bm25_only},
                                             {"today", .read = read_day, .into = &o->today}};
    TRY(options_read(argc, argv, options, COUNT(options), (struct operand){0}));
    return o->firms && o->needs ? NULL : missing_fault(o->firms ? "--needs" : "--firms");
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

/* All that a need is answered with. */
struct answered {
    const struct match_firms *firms;
    const struct matcher *matcher;
    struct slice id;
    const struct match_need *need;
    const struct reading *reading;
    const struct match_answer *answer;
    bool plain; /* BM25 alone: no reasons */
};

static void print_rows(struct arena *a, const struct answered *d, struct buffer *out)
{
    for (int i = 0; i < d->answer->count; i++) {
        const struct matched *x = &d->answer->list[i];
        struct match_explained words = {.sentence = ""};
        if (!d->plain)
            match_explain(d->matcher, a, d->need, x, i, language(), &words);
        print_cell(out, d->id);
        buffer_char(out, ',');
        print_cell(out, d->firms->firms[x->firm].id);
        buffer_print(out, ",%d,%.6f,%.6f,", i + 1, x->score_low, x->score_high);
        print_cell(out, slice_of(words.sentence));
        buffer_char(out, '\n');
    }
}

static void json_texts(struct json *j, const char *name, const char **texts, int count)
{
    json_put_key(j, name);
    json_begin_array(j);
    for (int i = 0; i < count; i++)
        json_put_text(j, texts[i]);
    json_end(j);
}

static void json_contributions(struct json *j, const struct matched *x)
{
    json_put_key(j, "contributions");
    json_begin_array(j);
    for (int k = 0; k < CRITERIA; k++) {
        const struct contribution *c = &x->contributions[k];
        json_begin_object(j);
        json_put_key(j, "criterion");
        json_put_text(j, criterion_name((enum criterion)k));
        json_put_key(j, "stated");
        json_put_bool(j, c->stated);
        json_put_key(j, "weight");
        json_put_real(j, c->weight);
        json_put_key(j, "low");
        json_put_real(j, c->weight * c->low);
        json_put_key(j, "high");
        json_put_real(j, c->weight * c->high);
        json_end(j);
    }
    json_end(j);
}

static void json_match(struct arena *a, struct json *j, const struct answered *d, const struct matched *x,
                       int place, bool nearest)
{
    int rank = nearest ? RANK_NEAREST : place;
    struct match_explained fr = {.sentence = ""}, en = {.sentence = ""};
    if (!d->plain) {
        match_explain(d->matcher, a, d->need, x, rank, LANGUAGE_FR, &fr);
        match_explain(d->matcher, a, d->need, x, rank, LANGUAGE_EN, &en);
    }
    const struct match_explained *here = language() == LANGUAGE_FR ? &fr : &en;
    json_begin_object(j);
    json_put_key(j, "firm");
    json_put_slice(j, d->firms->firms[x->firm].id);
    json_put_key(j, "rank");
    json_put_integer(j, place + 1);
    json_put_key(j, "score_lo");
    json_put_real(j, x->score_low);
    json_put_key(j, "score_hi");
    json_put_real(j, x->score_high);
    json_contributions(j, x);
    json_texts(j, "reasons", here->reasons, here->reason_count);
    json_texts(j, "gaps", here->gaps, here->gap_count);
    json_texts(j, "to_confirm", here->confirm, here->confirm_count);
    json_put_key(j, "sentence_fr");
    json_put_text(j, fr.sentence);
    json_put_key(j, "sentence_en");
    json_put_text(j, en.sentence);
    json_end(j);
}

static void json_facts(struct json *j, const struct lexicon *x, const struct reading *r)
{
    static const char *const kinds[] = {"term",      "size",   "detail",   "tolerance", "grade",
                                        "roughness", "volume", "quantity", "batch",     "deadline",
                                        "distance",  "place",  "excluded"};
    json_put_key(j, "read");
    json_begin_array(j);
    for (int i = 0; r && i < r->count; i++) {
        const struct fact *f = &r->facts[i];
        json_begin_object(j);
        json_put_key(j, "kind");
        json_put_text(j, kinds[f->kind]);
        json_put_key(j, "words");
        json_put_slice(j, (struct slice){r->words.text.ptr + f->start, f->end - f->start});
        if (f->kind == FACT_TERM) {
            json_put_key(j, "term");
            json_put_slice(j, lexicon_taxonomy(x)->terms[f->term].code);
        } else {
            json_put_key(j, "low");
            json_put_integer(j, f->low);
            json_put_key(j, "high");
            json_put_integer(j, f->high);
        }
        json_put_key(j, "negated");
        json_put_bool(j, f->negated);
        json_end(j);
    }
    json_end(j);
}

/* One object a line: what was read, the matches, or the nearest when nobody fits. */
static void print_json(struct arena *a, const struct lexicon *x, const struct answered *d, struct buffer *out)
{
    struct json j = json_writer(out);
    json_begin_object(&j);
    json_put_key(&j, "need");
    json_put_slice(&j, d->id);
    json_facts(&j, x, d->reading);
    json_put_key(&j, "matches");
    json_begin_array(&j);
    for (int i = 0; i < d->answer->count; i++)
        json_match(a, &j, d, &d->answer->list[i], i, false);
    json_end(&j);
    json_put_key(&j, "nearest");
    json_begin_array(&j);
    for (int i = 0; i < d->answer->nearest_count; i++)
        json_match(a, &j, d, &d->answer->nearest[i], i, true);
    json_end(&j);
    json_end(&j);
    buffer_char(out, '\n');
}

static void say_nobody(struct arena *a, const struct answered *d)
{
    (void)fprintf(stderr, tr("Need %.*s: nobody here can do this.\n"), SLICE_ARGS(d->id));
    for (int i = 0; i < d->answer->nearest_count && i < NEAREST_SAID; i++) {
        struct match_explained words;
        match_explain(d->matcher, a, d->need, &d->answer->nearest[i], RANK_NEAREST, language(), &words);
        (void)fprintf(stderr, tr("  nearest: %s\n"), words.sentence);
    }
}

static void say_remarks(const struct reading *r, const char *path, int64_t line)
{
    for (int i = 0; i < r->remark_count; i++)
        (void)fprintf(stderr, tr("%s, line %lld, \"%.*s\": %s\n"), path, (long long)line,
                      (int)(r->remarks[i].end - r->remarks[i].start), r->words.text.ptr + r->remarks[i].start,
                      tr(reading_problem_text(r->remarks[i].problem)));
}

/* The excluded that the text names, beside those of the column. */
static void exclude_named(struct arena *a, const struct match_firms *firms, const struct reading *r,
                          struct match_need *n)
{
    int *all = NEW(a, int, n->excluded_count + r->count * firms->firm_count + 1), count = n->excluded_count;
    if (count)
        memcpy(all, n->excluded, (size_t)count * sizeof *all);
    for (int i = 0; i < r->count; i++) {
        const struct fact *f = &r->facts[i];
        if (f->kind != FACT_EXCLUDED)
            continue;
        struct slice said = fold(a, (struct slice){r->words.text.ptr + f->start, f->end - f->start});
        for (int k = 0; k < firms->firm_count; k++)
            if (firms->firms[k].name.len && slice_starts(fold(a, firms->firms[k].name), said))
                all[count++] = k;
    }
    n->excluded = all;
    n->excluded_count = count;
}

static struct fault *answer(struct arena *a, const struct lexicon *x, struct stemming *stemming,
                            const struct options *o, struct answered *d, struct match_need *n, int64_t line)
{
    struct reading *reading;
    struct match_answer *found = NEW(a, struct match_answer, 1);
    TRY(match_read_need(a, x, stemming, o->today, &match_places, n, &reading));
    say_remarks(reading, o->needs, line);
    exclude_named(a, d->firms, reading, n);
    TRY(match_run(d->matcher, a, n, o->today, &o->match, found));
    d->need = n;
    d->reading = reading;
    d->answer = found;
    struct buffer *out = buffer_new(a, OUTPUT_LIMIT);
    if (o->json)
        print_json(a, x, d, out);
    else
        print_rows(a, d, out);
    if (!found->count)
        say_nobody(a, d);
    return answer_print(out);
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
    TRY(matcher_new(a, lexicon, &match_places, firms.firms, firms.firm_count, firms.capabilities,
                    firms.capability_count, &matcher));
    struct stemming *stemming = stemming_new(a);
    int refused = 0;
    if (!o.json)
        (void)printf("need,firm,rank,score_lo,score_hi,reasons\n");
    for (int i = 0; i < needs.count; i++) {
        ARENA_SCOPE(scratch);
        struct answered d = {
            .firms = &firms, .matcher = matcher, .id = needs.ids[i], .plain = o.match.bm25_only};
        struct fault *f = answer(scratch, lexicon, stemming, &o, &d, &needs.needs[i], needs.lines[i]);
        if (f && f->code == FAULT_IO)
            return f;
        if (f) {
            refused++;
            (void)fprintf(stderr, tr("%s, line %lld%s%s: %s\n"), o.needs, (long long)needs.lines[i],
                          *f->field ? ", " : "", f->field, f->text);
        }
    }
    if (refused == needs.count)
        return fault(FAULT_INVALID, "%s: not one need could be read.", o.needs);
    return NULL;
}

const struct command match_command = {
    .name = "match",
    .summary = N_("Firms that answer needs, from two CSV files, ranked and explained"),
    .help = N_(
        "Usage: grappe match --firms FIRMS.csv --needs NEEDS.csv [options]\n"
        "\n"
        "Both files need the columns id and text; plain words are enough. Optional columns of firms: name,\n"
        "processes, materials, components, markets, skills, certifications, not_certified (terms or codes\n"
        "separated by |), size_min, size_max, tolerance, it_grade, batch_min, batch_max, volume_max,\n"
        "free_capacity, commune, lat, lon. Several rows with one id are its several capabilities. Optional\n"
        "columns of needs: the same terms and sizes, certifications (required), volume, quantity, max_km,\n"
        "deadline, commune, lat, lon, excluded (firm ids separated by |). docs/matching.md says more.\n"
        "\n"
        "  --top N          matches of each need, 20 unless told\n"
        "  --json           one JSON object a need, with what was read and every contribution\n"
        "  --weights k=v,…  text, process, material, component, market, certification, tolerance, size, "
        "volume,\n"
        "                   distance\n"
        "  --taxonomy FILE, --wordings FILE   instead of those built in\n"
        "  --today DATE     the day from which deadlines are counted, as 2026-11-22; today unless told\n"
        "  --bm25           plain BM25, for comparison\n"
        "\n"
        "Prints need,firm,rank,score_lo,score_hi,reasons. A need nobody can serve prints no row and is named "
        "on\n"
        "standard error, with the nearest firms.\n"
        "\n"
        "Example: grappe match --firms firms.csv --needs needs.csv --top 5 --weights process=2,distance=0"),
    .run = run_match,
};
