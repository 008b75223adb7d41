/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "options.h"

#include <assert.h>
#include <getopt.h>

#include "clock/clock.h"
#include "command.h"
#include "number/checked.h"
#include "record/record.h"

enum { MOST_OPTIONS = 16, FIRST = 256 /* above every character: there are no short options */ };

static struct fault *take(const struct command_option *o)
{
    if (o->flag)
        *o->flag = true;
    else if (o->text)
        *o->text = optarg;
    return o->read ? o->read(optarg, o->into) : NULL;
}

struct fault *options_read(int argc, char **argv, const struct command_option *options, size_t count,
                           struct operand operand)
{
    struct option known[MOST_OPTIONS + 1] = {0};
    assert(count <= MOST_OPTIONS);
    for (size_t i = 0; i < count; i++)
        known[i] = (struct option){options[i].name, options[i].flag ? no_argument : required_argument, NULL,
                                   FIRST + (int)i};
    opterr = 0;
    optind = 0; /* starts over, whatever was read before */
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (c < FIRST)
            return usage_fault(argv[optind - 1]);
        TRY(take(&options[c - FIRST]));
    }
    int most = operand.into != NULL, given = argc - optind;
    if (given > most && !operand.more)
        return usage_fault(argv[optind + most]);
    if (given >= 1)
        *operand.into = argv[optind];
    if (operand.more) {
        *operand.more = argv + optind + most;
        *operand.more_count = given > most ? given - most : 0;
    }
    return given < most && operand.missing ? usage_fault(operand.missing) : NULL;
}

struct fault *option_count(char *typed, void *into)
{
    enum { MOST = 100000 };
    int64_t count;
    if (!integer_parse(slice_of(typed), &count) || count < 0 || count > MOST)
        return usage_fault(typed);
    *(int *)into = (int)count;
    return NULL;
}

struct fault *option_seed(char *typed, void *into)
{
    int64_t seed;
    if (!integer_parse(slice_of(typed), &seed) || seed < 0)
        return usage_fault(typed);
    *(uint64_t *)into = (uint64_t)seed;
    return NULL;
}

struct fault *option_seconds(char *typed, void *into)
{
    double seconds;
    if (!real_parse(slice_of(typed), &seconds) || !(seconds >= 0) || seconds > 1e6)
        return usage_fault(typed);
    *(double *)into = seconds;
    return NULL;
}

bool time_left(const struct time_limit *t)
{
    return t->seconds <= 0 || (double)(monotonic_us() - t->began_us) < t->seconds * SECOND_US;
}
