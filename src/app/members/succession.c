/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* succession.c - a mandate passes from one person to another in one act. */
#include "arena/arena.h"
#include "i18n/i18n.h"
#include "members/members.h"

static struct fault *check_successor(struct door *d, const struct mandate *old, int64_t person, int64_t since)
{
    struct person other;
    struct list_page page;
    if (!person || door_load(d, person, person, &other, NULL))
        return fault_in("person", fault(FAULT_INVALID, "Say who takes over."));
    if (person == old->person)
        return fault_in("person", fault(FAULT_INVALID, "They hold this mandate already."));
    if (!known_integer(since) || (known_integer(old->since) && since <= old->since) ||
        (known_integer(old->until) && since > old->until + 1))
        return fault_in("since", fault(FAULT_INVALID, "The mandate does not stand on the day before."));
    TRY(door_list_of(d, &mandate_type, "person", person, &page));
    const struct mandate *theirs = page.records;
    for (size_t i = 0; i < page.count; i++)
        if (theirs[i].organisation == old->organisation &&
            (!known_integer(theirs[i].until) || theirs[i].until >= since))
            return fault_in("person", fault(FAULT_INVALID, "They act for this organisation already."));
    return NULL;
}

struct fault *mandate_hand_over(struct door *d, int64_t mandate, int64_t version, int64_t person,
                                int64_t since, int64_t *made)
{
    struct mandate old, next;
    TRY(door_load(d, mandate, mandate, &old, NULL));
    TRY(check_successor(d, &old, person, since));
    record_clear(&mandate_type, &next);
    next.person = person;
    next.organisation = old.organisation;
    next.title = old.title;
    next.since = since;
    next.until = known_integer(old.until) && old.until >= since ? old.until : UNKNOWN_INTEGER;
    old.until = since - 1;
    old.version = version;
    TRY(door_begin(d));
    struct fault *wrong = door_save(d, mandate, &old, ALL_FIELDS);
    if (!wrong)
        wrong = door_save(d, mandate, &next, ALL_FIELDS);
    if (!wrong)
        wrong = door_commit(d);
    if (wrong) {
        struct fault kept = *wrong;
        door_abandon(d);
        return fault_again(&kept);
    }
    *made = next.id;
    return NULL;
}
