/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* door_once.c - a request asked twice is done once: its answer stands in the transaction of its changes. */
#include <string.h>

#include "answers/answers.h"
#include "arena/arena.h"
#include "door/internal.h"

static struct fault *look(struct door *d)
{
    struct once *o = d->once;
    struct kept_answer *kept = NULL;
    TRY(answer_find(door_connection(d), d->arena, d->viewer.person, o->key, &kept));
    if (kept && strcmp(kept->request, o->request) != 0)
        return fault_in("Idempotency-Key",
                        fault(FAULT_INVALID, "This key was used for another request: send a new one."));
    o->answered = kept != NULL;
    if (kept)
        o->answer = (struct once_answer){(int)kept->status, kept->type, kept->headers, kept->body};
    return NULL;
}

struct fault *once_over(void)
{
    return fault(FAULT_CONFLICT, "This was done already.");
}

/* What is found may have been written by a neighbour in the same group: its commit is waited for. */
struct fault *once_begun(struct door *d)
{
    struct once *o = d->once;
    TRY(look(d));
    if (!o->answered)
        return NULL;
    TRY(door_commit(d));
    return once_over();
}

struct fault *door_once(struct door *d, struct once *o)
{
    if (!d->viewer.person)
        return fault(FAULT_BUG, "A visitor has no keys.");
    d->once = o;
    return look(d);
}

static struct fault *keep(struct door *d, const struct once *o)
{
    const struct kept_answer answer = {o->request, o->answer.status, o->answer.type, o->answer.headers,
                                       o->answer.body};
    return answer_keep(d->transaction, d->viewer.person, o->key, &answer);
}

struct fault *door_once_keep(struct door *d)
{
    struct once *o = d->once;
    if (o->answer.status) {
        TRY(door_begin(d)); /* where nothing was changed */
        TRY(keep(d, o));
    }
    d->once = NULL;
    return d->transaction ? door_commit(d) : NULL;
}
