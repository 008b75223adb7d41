/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "introductions/agreements.h"

#include "agreement_data.h"
#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "introductions/internal.h"

static struct fault *add(struct transaction *t, struct agreement *made, int64_t person)
{
    made->since = today();
    TRY(record_check(&agreement_type, made));
    return rows_insert(t, &agreement_type, made, person);
}

struct fault *agreements_install(struct transaction *t, struct arena *a)
{
    struct agreement first;
    record_clear(&agreement_type, &first);
    first.number = "1";
    first.text_fr = slice_text(a, slice_trim((struct slice){agreement_fr, AGREEMENT_FR_COUNT}));
    first.text_en = slice_text(a, slice_trim((struct slice){agreement_en, AGREEMENT_EN_COUNT}));
    return add(t, &first, 0);
}

/* The newest, and how many there are. */
static struct fault *find_newest(struct door *d, struct agreement *newest, int64_t *count)
{
    const struct list_request asked = {.type = &agreement_type, .per_page = 1};
    struct list_page page;
    TRY(door_list(d, &asked, &page));
    if (!page.count)
        return fault(FAULT_NOT_FOUND, "There is no confidentiality agreement.");
    *newest = ((struct agreement *)page.records)[0];
    *count = page.total;
    return NULL;
}

struct fault *agreement_newest(struct door *d, struct agreement *newest)
{
    int64_t count = 0;
    return find_newest(d, newest, &count);
}

const char *agreement_text(const struct agreement *g)
{
    return language() == LANGUAGE_EN ? g->text_en : g->text_fr;
}

bool agreement_may_publish(const struct door *d)
{
    return (door_viewer(d)->roles & ROLE_FACILITATOR) != 0;
}

struct fault *agreement_publish(struct door *d, const char *text_fr, const char *text_en,
                                struct agreement *made)
{
    struct agreement newest;
    int64_t count = 0;
    if (!agreement_may_publish(d))
        return fault(FAULT_DENIED, "The facilitators publish the confidentiality agreement.");
    TRY(find_newest(d, &newest, &count));
    record_clear(&agreement_type, made);
    made->number = arena_print(door_arena(d), "%lld", (long long)count + 1);
    TRY(value_parse(field_find(&agreement_type, "text_fr"), door_arena(d), slice_of(text_fr), made));
    TRY(value_parse(field_find(&agreement_type, "text_en"), door_arena(d), slice_of(text_en), made));
    TRY(door_begin(d));
    return change_end(d, add(door_transaction(d), made, door_viewer(d)->person));
}
