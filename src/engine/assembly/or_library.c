/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "assembly/or_library.h"

#include "i18n/i18n.h"

struct numbers {
    const char *at, *end;
    int64_t line;
};

static void pass_spaces(struct numbers *n)
{
    for (; n->at < n->end && (*n->at == ' ' || (*n->at >= '\t' && *n->at <= '\r')); n->at++)
        n->line += *n->at == '\n';
}

static struct fault *next_number(struct numbers *n, const char *what, int64_t least, int64_t most,
                                 int64_t *out)
{
    pass_spaces(n);
    const char *start = n->at;
    int64_t value = 0;
    bool negative = n->at < n->end && *n->at == '-';
    for (n->at += negative; n->at < n->end && *n->at >= '0' && *n->at <= '9' && value <= most; n->at++)
        value = 10 * value + (*n->at - '0');
    if (start == n->end)
        return fault(FAULT_INVALID, "Line %lld: the file ends where %s is expected.", (long long)n->line,
                     tr(what));
    if (n->at == start + negative || (n->at < n->end && value <= most && *n->at > ' '))
        return fault(FAULT_INVALID, "Line %lld: %s is no whole number.", (long long)n->line, tr(what));
    *out = negative ? -value : value;
    if (*out < least || *out > most)
        return fault(FAULT_INVALID, "Line %lld: %s is not between %lld and %lld.", (long long)n->line,
                     tr(what), (long long)least, (long long)most);
    return NULL;
}

struct entries {
    struct cover_entry *list;
    int64_t count, capacity;
};

/* A count, and as many numbers from 1: the owner's entries. */
static struct fault *read_list(struct arena *a, struct numbers *n, bool rail, int32_t owner, int64_t most,
                               struct entries *e)
{
    int64_t count, other;
    TRY(next_number(n, N_("the length of a list"), 0, most, &count));
    for (int64_t k = 0; k < count; k++) {
        TRY(next_number(n, rail ? N_("a row") : N_("a column"), 1, most, &other));
        struct cover_entry one = {owner, (int32_t)(other - 1)};
        if (rail)
            one = (struct cover_entry){(int32_t)(other - 1), owner};
        *PUSH(a, e->list, e->count, e->capacity) = one;
        if (e->count > COVER_ENTRIES_MOST)
            return fault(FAULT_LIMIT, "The table has too many entries.");
    }
    return arena_check(a);
}

struct fault *or_library_parse(struct arena *a, struct slice text, bool rail, struct cover *out)
{
    struct numbers n = {text.ptr, text.ptr + text.len, 1};
    int64_t rows, columns;
    TRY(next_number(&n, N_("the number of rows"), 0, COVER_ENTRIES_MOST, &rows));
    TRY(next_number(&n, N_("the number of columns"), 0, COVER_ENTRIES_MOST, &columns));
    if (columns > (int64_t)text.len || rows > (int64_t)text.len)
        return fault(FAULT_INVALID, "The file is too short for its numbers of rows and columns.");
    int64_t *cost = NEW(a, int64_t, columns + 1);
    struct entries e = {0};
    for (int32_t j = 0; j < columns; j++) {
        TRY(next_number(&n, N_("a cost"), 0, COVER_COST_MOST, &cost[j]));
        if (rail)
            TRY(read_list(a, &n, true, j, rows, &e));
    }
    for (int32_t i = 0; !rail && i < rows; i++)
        TRY(read_list(a, &n, false, i, columns, &e));
    pass_spaces(&n);
    if (n.at != n.end)
        return fault(FAULT_INVALID, "Line %lld: the table has ended, but the file goes on.",
                     (long long)n.line);
    return cover_build(a, (int32_t)rows, (int32_t)columns, cost, e.list, e.count, out);
}
