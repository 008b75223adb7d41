/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* territory_tables.c - statistics on jobs by region and industry. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "commands/territory.h"
#include "commands/territory_files.h"
#include "i18n/i18n.h"
#include "options.h"
#include "record/record.h"
#include "rows.h"
#include "table/table.h"
#include "territory/complexity.h"
#include "territory/quotients.h"
#include "words/words.h"

enum { NO_YEAR = 0 };

struct study {
    struct arena *arena;
    const char *path, *whole;
    int64_t year, from, to; /* NO_YEAR: as the file has it */
    bool json, industries_asked;
    struct job_table file;
    struct jobs jobs; /* of the year */
    struct rows_out out;
    struct buffer *text;
};

/* --- the file -------------------------------------------------------------------------------------- */

static struct fault *read_year(char *typed, void *into)
{
    return integer_parse(slice_of(typed), into) && *(int64_t *)into != NO_YEAR ? NULL : usage_fault(typed);
}

static void years_of(const struct study *s, int64_t *first, int64_t *last)
{
    *first = *last = s->file.lines[0].year;
    for (size_t i = 1; i < s->file.count; i++) {
        *first = s->file.lines[i].year < *first ? s->file.lines[i].year : *first;
        *last = s->file.lines[i].year > *last ? s->file.lines[i].year : *last;
    }
}

/* Jobs of that year, a region after the other. */
static double *jobs_in(const struct study *s, int64_t year)
{
    size_t industries = vocabulary_count(s->file.industries);
    double *at = NEW(s->arena, double, vocabulary_count(s->file.regions) * industries + 1);
    for (size_t i = 0; i < s->file.count; i++)
        if (s->file.lines[i].year == year)
            at[s->file.lines[i].region * industries + s->file.lines[i].industry] += s->file.lines[i].jobs;
    return at;
}

static struct fault *take_year(struct study *s)
{
    int64_t first, last;
    years_of(s, &first, &last);
    if (s->year == NO_YEAR)
        s->year = last;
    if (first != last)
        (void)fprintf(stderr, tr("Jobs of %lld.\n"), (long long)s->year);
    return jobs_sum(s->arena, vocabulary_count(s->file.regions), vocabulary_count(s->file.industries),
                    jobs_in(s, s->year), &s->jobs);
}

/* --- answers --------------------------------------------------------------------------------------- */

static struct slice region_of(const struct study *s, size_t r)
{
    return vocabulary_text(s->file.regions, (uint32_t)r);
}
static struct slice industry_of(const struct study *s, size_t i)
{
    return vocabulary_text(s->file.industries, (uint32_t)i);
}

static void start(struct study *s, const char *const *columns)
{
    s->text = buffer_new(s->arena, (size_t)1 << 30);
    s->out = rows_out_start(s->text, "rows", columns, s->json);
}

/* The largest known value. */
static size_t highest(const double *values, size_t count)
{
    size_t best = count;
    for (size_t i = 0; i < count; i++)
        if (known_real(values[i]) && (best == count || values[i] > values[best]))
            best = i;
    return best;
}

static struct fault *print_quotients(struct study *s)
{
    enum { TELLING = 5 }; /* fewer jobs say little of a place */
    static const char *const columns[] = {"region", "industry", "value", "lo", "hi", NULL};
    const struct jobs *j = &s->jobs;
    size_t cells = j->regions * j->industries;
    double *q = NEW(s->arena, double, cells + 1), *telling = NEW(s->arena, double, cells + 1);
    location_quotients(j, q);
    start(s, columns);
    for (size_t k = 0; k < cells; k++) {
        double low, high, each = q[k] / j->at[k];
        poisson_bounds(j->at[k], &low, &high);
        if (j->at[k] == 0) /* what one job would weigh */
            each = known_real(q[k])
                       ? j->whole / (j->of_region[k / j->industries] * j->of_industry[k % j->industries])
                       : UNKNOWN_REAL;
        rows_out_text(&s->out, region_of(s, k / j->industries));
        rows_out_text(&s->out, industry_of(s, k % j->industries));
        rows_out_number(&s->out, q[k]);
        rows_out_number(&s->out, each * low);
        rows_out_number(&s->out, each * high);
        telling[k] = j->at[k] >= TELLING ? q[k] : UNKNOWN_REAL;
    }
    size_t best = highest(telling, cells);
    return rows_out_finish(
        &s->out, best == cells
                     ? tr("Too few jobs to say what is special here.")
                     : arena_print(s->arena, tr("%.*s weighs %s times as much in %.*s as in the whole."),
                                   SLICE_ARGS(industry_of(s, best % j->industries)),
                                   number_print(s->arena, q[best], 1),
                                   SLICE_ARGS(region_of(s, best / j->industries))));
}

/* Statistics of one value a region or an industry. */
struct column {
    const char *name;
    bool of_industries;
    void (*fill)(struct study *, double *values);
    const char *scale; /* N_() */
};

static void fill_krugman(struct study *s, double *v)
{
    krugman_indices(&s->jobs, v);
}
static void fill_hachman(struct study *s, double *v)
{
    hachman_indices(&s->jobs, v);
}
static void fill_herfindahl(struct study *s, double *v)
{
    herfindahl_indices(&s->jobs, v);
}
static void fill_gini(struct study *s, double *v)
{
    locational_ginis(s->arena, &s->jobs, v);
}

static void fill_against_all(struct study *s, double *v, bool curve)
{
    const struct jobs *j = &s->jobs;
    double *part = NEW(s->arena, double, j->regions + 1);
    for (size_t i = 0; i < j->industries; i++) {
        for (size_t r = 0; r < j->regions; r++)
            part[r] = j->at[r * j->industries + i];
        v[i] = curve ? hoover_gini(s->arena, part, j->of_region, j->regions)
                     : hoover(part, j->of_region, j->regions);
    }
}
static void fill_hoover(struct study *s, double *v)
{
    fill_against_all(s, v, false);
}
static void fill_hoover_gini(struct study *s, double *v)
{
    fill_against_all(s, v, true);
}

/* Each line is a plant; the regions' shares are those of all jobs. */
static void fill_ellison_glaeser(struct study *s, double *v)
{
    const struct jobs *j = &s->jobs;
    double *share = NEW(s->arena, double, j->regions + 1), *plants = NEW(s->arena, double, s->file.count + 1);
    size_t *region = NEW(s->arena, size_t, s->file.count + 1);
    for (size_t r = 0; r < j->regions; r++)
        share[r] = j->of_region[r] / j->whole;
    for (size_t i = 0; i < j->industries; i++) {
        size_t n = 0;
        for (size_t l = 0; l < s->file.count; l++)
            if (s->file.lines[l].industry == i && s->file.lines[l].year == s->year &&
                s->file.lines[l].jobs > 0) {
                plants[n] = s->file.lines[l].jobs;
                region[n++] = s->file.lines[l].region;
            }
        v[i] = ellison_glaeser(plants, region, n, share, j->regions);
    }
}

static const struct column statistics[] = {
    {"krugman", false, fill_krugman, N_("0 is like the whole, 2 has nothing in common with it.")},
    {"hachman", false, fill_hachman, N_("1 is like the whole, near 0 is unlike it.")},
    {"herfindahl", false, fill_herfindahl, N_("1 is one industry alone.")},
    {"gini", true, fill_gini, N_("0 is spread evenly, 0.5 is all in one place.")},
    {"hoover", true, fill_hoover, N_("It is the share that would have to move to lie as all jobs do.")},
    {"hoover-gini", true, fill_hoover_gini, N_("0 lies as all jobs do, near 1 is all in one small place.")},
    {"ellison-glaeser", true, fill_ellison_glaeser, N_("0 is what chance makes of so many plants.")},
};

static struct fault *print_column(struct study *s, const struct column *c)
{
    static const char *const of_regions[] = {"region", "value", NULL};
    static const char *const of_industries[] = {"industry", "value", NULL};
    const struct vocabulary *names = c->of_industries ? s->file.industries : s->file.regions;
    size_t count = vocabulary_count(names);
    double *values = NEW(s->arena, double, count + 1);
    c->fill(s, values);
    start(s, c->of_industries ? of_industries : of_regions);
    for (size_t i = 0; i < count; i++) {
        rows_out_text(&s->out, vocabulary_text(names, (uint32_t)i));
        rows_out_number(&s->out, values[i]);
    }
    size_t best = highest(values, count);
    return rows_out_finish(&s->out, best == count
                                        ? tr("Too few data to say.")
                                        : arena_print(s->arena, tr("%.*s has the highest value, %s. %s"),
                                                      SLICE_ARGS(vocabulary_text(names, (uint32_t)best)),
                                                      number_print(s->arena, values[best], 3), tr(c->scale)));
}

/* --- growth ---------------------------------------------------------------------------------------- */

static size_t whole_line(const struct study *s)
{
    return s->whole ? vocabulary_find(s->file.regions, slice_of(s->whole)) : VOCABULARY_NONE;
}

/* The line that stands for the whole, else the sum of all. */
static double *whole_of(const struct study *s, const double *at)
{
    size_t industries = vocabulary_count(s->file.industries), line = whole_line(s);
    double *whole = NEW(s->arena, double, industries + 1);
    for (size_t k = 0; k < vocabulary_count(s->file.regions) * industries; k++)
        if (line == VOCABULARY_NONE || k / industries == line)
            whole[k % industries] += at[k];
    return whole;
}

static const char *growth_sentence(const struct study *s, size_t region, const struct shift_share *sum,
                                   double created)
{
    double change = sum->national + sum->mix + sum->regional + created;
    return arena_print(
        s->arena, tr("%.*s: %s jobs; %s by the growth of the whole, %s by its mix of trades, %s by itself."),
        SLICE_ARGS(region_of(s, region)), number_print(s->arena, change, 0),
        number_print(s->arena, sum->national, 0), number_print(s->arena, sum->mix, 0),
        number_print(s->arena, sum->regional + created, 0));
}

static struct fault *print_region(struct study *s, size_t region, const double *const at[2],
                                  const double *const whole[2], const char **sentence)
{
    size_t industries = vocabulary_count(s->file.industries);
    struct shift_share *e = NEW(s->arena, struct shift_share, industries + 1), sum = {0};
    double *created = NEW(s->arena, double, industries + 1), all_created = 0;
    TRY(shift_share(s->arena, at[0] + region * industries, at[1] + region * industries, whole[0], whole[1],
                    industries, e, created));
    for (size_t i = 0; i < industries; i++) {
        double values[] = {e[i].national,    e[i].mix,        e[i].regional,
                           e[i].competitive, e[i].allocation, created[i]};
        rows_out_text(&s->out, region_of(s, region));
        rows_out_text(&s->out, industry_of(s, i));
        for (size_t k = 0; k < COUNT(values); k++)
            rows_out_number(&s->out, values[k]);
        all_created += created[i];
        if (known_real(e[i].regional)) {
            sum.national += e[i].national;
            sum.mix += e[i].mix;
            sum.regional += e[i].regional;
        }
    }
    if (!*sentence)
        *sentence = growth_sentence(s, region, &sum, all_created);
    return NULL;
}

static struct fault *print_growth(struct study *s)
{
    static const char *const columns[] = {"region",      "industry",   "national", "mix", "regional",
                                          "competitive", "allocation", "created",  NULL};
    int64_t first, last;
    const char *sentence = NULL;
    years_of(s, &first, &last);
    s->from = s->from == NO_YEAR ? first : s->from;
    s->to = s->to == NO_YEAR ? last : s->to;
    if (s->from >= s->to)
        return fault(FAULT_INVALID, "Growth needs two years: %s has the column \"year\" for that.", s->path);
    if (s->whole && whole_line(s) == VOCABULARY_NONE)
        return fault_in("whole", fault(FAULT_INVALID, "%s is no region of %s.", s->whole, s->path));
    const double *at[] = {jobs_in(s, s->from), jobs_in(s, s->to)};
    const double *whole[] = {whole_of(s, at[0]), whole_of(s, at[1])};
    start(s, columns);
    for (size_t r = 0; r < vocabulary_count(s->file.regions); r++)
        if (r != whole_line(s))
            TRY(fault_in("region", print_region(s, r, at, whole, &sentence)));
    return rows_out_finish(&s->out, sentence);
}

/* --- complexity ------------------------------------------------------------------------------------ */

/* Regions and industries with jobs; of each, its number in the file. */
struct special {
    struct presence m;
    size_t *region, *industry;
};

static struct special special_of(const struct study *s)
{
    const struct jobs *j = &s->jobs;
    struct arena *a = s->arena;
    double *q = NEW(a, double, j->regions * j->industries + 1);
    bool *at = NEW(a, bool, j->regions * j->industries + 1);
    struct special out = {{0, 0, at}, NEW(a, size_t, j->regions + 1), NEW(a, size_t, j->industries + 1)};
    location_quotients(j, q);
    for (size_t r = 0; r < j->regions; r++)
        if (j->of_region[r] > 0)
            out.region[out.m.regions++] = r;
    for (size_t i = 0; i < j->industries; i++)
        if (j->of_industry[i] > 0)
            out.industry[out.m.industries++] = i;
    for (size_t r = 0; r < out.m.regions; r++)
        for (size_t i = 0; i < out.m.industries; i++)
            at[r * out.m.industries + i] = q[out.region[r] * j->industries + out.industry[i]] >= 1;
    return out;
}

static struct fault *print_complexity(struct study *s)
{
    enum { FEW_REGIONS = 20 };
    const double telling = .2;
    static const char *const of_regions[] = {"region", "value", NULL};
    static const char *const of_industries[] = {"industry", "value", NULL};
    struct special p = special_of(s);
    double *regions = NEW(s->arena, double, p.m.regions + 1), diversity = 0;
    double *industries = NEW(s->arena, double, p.m.industries + 1);
    TRY(economic_complexity(s->arena, &p.m, regions, industries, &diversity));
    if (p.m.regions < FEW_REGIONS)
        (void)fprintf(stderr, "%s\n", tr("Fewer than 20 regions: relatedness and density say more."));
    if (diversity < telling)
        (void)fprintf(stderr, "%s\n",
                      tr("The sign is not to be relied on: complexity hardly follows diversity here."));
    start(s, s->industries_asked ? of_industries : of_regions);
    for (size_t k = 0; k < (s->industries_asked ? p.m.industries : p.m.regions); k++) {
        rows_out_text(&s->out,
                      s->industries_asked ? industry_of(s, p.industry[k]) : region_of(s, p.region[k]));
        rows_out_number(&s->out, s->industries_asked ? industries[k] : regions[k]);
    }
    size_t best = highest(regions, p.m.regions);
    return rows_out_finish(&s->out, best == p.m.regions
                                        ? tr("Too few data to say.")
                                        : arena_print(s->arena, tr("%.*s does most of what few others do."),
                                                      SLICE_ARGS(region_of(s, p.region[best]))));
}

static struct fault *print_relatedness(struct study *s)
{
    static const char *const columns[] = {"industry", "other", "value", NULL};
    struct special p = special_of(s);
    size_t n = p.m.industries;
    double *phi = NEW(s->arena, double, n *n + 1);
    TRY(relatedness(s->arena, &p.m, phi));
    start(s, columns);
    for (size_t k = 0; k < n * n; k++) {
        rows_out_text(&s->out, industry_of(s, p.industry[k / n]));
        rows_out_text(&s->out, industry_of(s, p.industry[k % n]));
        rows_out_number(&s->out, phi[k]);
    }
    return rows_out_finish(&s->out, NULL);
}

/* The nearest that is not done yet is what could be done next. */
static struct fault *print_density(struct study *s)
{
    static const char *const columns[] = {"region", "industry", "value", "present", NULL};
    struct special p = special_of(s);
    size_t n = p.m.industries, cells = p.m.regions * n;
    double *phi = NEW(s->arena, double, n *n + 1), *density = NEW(s->arena, double, cells + 1);
    double *open = NEW(s->arena, double, cells + 1);
    TRY(relatedness(s->arena, &p.m, phi));
    relatedness_density(&p.m, phi, density);
    start(s, columns);
    for (size_t k = 0; k < cells; k++) {
        rows_out_text(&s->out, region_of(s, p.region[k / n]));
        rows_out_text(&s->out, industry_of(s, p.industry[k % n]));
        rows_out_number(&s->out, density[k]);
        rows_out_number(&s->out, p.m.at[k]);
        open[k] = p.m.at[k] ? UNKNOWN_REAL : density[k];
    }
    size_t best = highest(open, cells);
    if (best == cells)
        return rows_out_finish(&s->out, NULL);
    return rows_out_finish(
        &s->out,
        arena_print(s->arena,
                    tr("%.*s is nothing special in %.*s yet, where %s%% of the trades near to it are: the "
                       "nearest way to grow."),
                    SLICE_ARGS(industry_of(s, p.industry[best % n])),
                    SLICE_ARGS(region_of(s, p.region[best / n])),
                    number_print(s->arena, 100 * density[best], 0)));
}

/* --- command --------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    struct fault *(*print)(struct study *);
    bool growth; /* reads two years by itself */
} tables[] = {{"lq", print_quotients, false},
              {"shift-share", print_growth, true},
              {"complexity", print_complexity, false},
              {"relatedness", print_relatedness, false},
              {"density", print_density, false}};

/* Reads the file and answers, if there is a statistic of that name here. */
static struct fault *answer(struct study *s, const char *name)
{
    struct table *t = NULL;
    TRY(table_open(s->arena, s->path, NULL, &t));
    TRY(job_table_read(s->arena, t, s->path, &s->file));
    for (size_t i = 0; i < COUNT(tables); i++)
        if (strcmp(tables[i].name, name) == 0) {
            if (!tables[i].growth)
                TRY(take_year(s));
            return tables[i].print(s);
        }
    TRY(take_year(s));
    for (size_t i = 0; i < COUNT(statistics); i++)
        if (strcmp(statistics[i].name, name) == 0)
            return print_column(s, &statistics[i]);
    return usage_fault(name);
}

static bool is_known(const char *name)
{
    bool found = false;
    for (size_t i = 0; i < COUNT(tables); i++)
        found |= strcmp(tables[i].name, name) == 0;
    for (size_t i = 0; i < COUNT(statistics); i++)
        found |= strcmp(statistics[i].name, name) == 0;
    return found;
}

struct fault *territory_tables(struct arena *a, int argc, char **argv, bool *known)
{
    struct study s = {.arena = a};
    const struct command_option options[] = {
        {"year", .read = read_year, .into = &s.year}, {"from", .read = read_year, .into = &s.from},
        {"to", .read = read_year, .into = &s.to},     {"whole", .text = &s.whole},
        {"industries", .flag = &s.industries_asked},  {"json", .flag = &s.json}};
    *known = is_known(argv[0]);
    if (!*known)
        return NULL;
    TRY(options_read(argc, argv, options, COUNT(options), (struct operand){&s.path, tr("no file")}));
    return answer(&s, argv[0]);
}
