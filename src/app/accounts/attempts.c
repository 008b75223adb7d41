/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* attempts.c - whoever tries too often waits; the owner of an account does not.
 *
 * Three counts, each with its own ceiling: an account from one network, a network, an account from
 * everywhere. An attacker on one network uses up the first two, which are his own. The third, which many
 * networks can reach together, closes the password alone: the link by mail stays, of which those sent are
 * still good; where codes are closed, recovery codes are not. A session that is open is never touched. */
#include <string.h>

#include "accounts/internal.h"
#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "roster/sessions.h"

enum { COUNTS = 3 };

static const struct {
    const char *name;
    int64_t most[COUNTS]; /* account here, network, account everywhere; 0: no ceiling */
} ceilings[] = {
    [ATTEMPT_PASSWORD] = {"password", {10, MOST_PER_NETWORK, 100}},
    [ATTEMPT_LINK] = {"link", {5, 20, 20}},
    [ATTEMPT_CODE] = {"code", {10, MOST_PER_NETWORK, 20}},
    [ATTEMPT_RECOVERY] = {"recovery", {10, MOST_PER_NETWORK, 0}},
};

/* "10.1.2.3" → "10.1.2": the network by which attempts are counted. */
char *network_of(struct arena *a, const char *address)
{
    bool six = strchr(address, ':') != NULL;
    const char *p = address;
    for (int groups = 0; *p && groups < 3; groups++)
        p += strcspn(p, six ? ":" : ".") + (p[strcspn(p, six ? ":" : ".")] != '\0');
    return arena_text(a, address, (size_t)(p - address));
}

static void keys_of(struct arena *a, const struct space_info *s, enum attempt kind, const char *subject,
                    const struct caller *caller, const char *keys[COUNTS])
{
    const char *name = ceilings[kind].name, *network = network_of(a, caller->address);
    keys[0] = arena_print(a, "%s:here:%s:%s@%s", name, s->name, subject, network);
    keys[1] = arena_print(a, "%s:network:%s", name, network);
    keys[2] = arena_print(a, "%s:account:%s:%s", name, s->name, subject);
}

struct fault *attempts_check(struct house *h, const struct space_info *s, enum attempt kind,
                             const char *subject, struct caller *caller)
{
    ARENA_SCOPE(work);
    const char *keys[COUNTS];
    keys_of(work, s, kind, subject, caller, keys);
    for (int i = 0; i < COUNTS; i++) {
        struct roster_attempts found;
        if (!ceilings[kind].most[i])
            continue;
        TRY(roster_attempts(house_roster(h), keys[i], WINDOW_S, &found));
        if (found.failures < ceilings[kind].most[i])
            continue;
        caller->wait_s = WINDOW_S - (now_us() - found.since_us) / SECOND_US;
        int64_t minutes = (caller->wait_s + 59) / 60;
        return fault(FAULT_LIMIT, "Too many attempts: try again in %lld %s.", (long long)minutes,
                     tr_plural(minutes, "minute", "minutes"));
    }
    return NULL;
}

struct fault *attempts_count(struct house *h, const struct space_info *s, enum attempt kind,
                             const char *subject, const struct caller *caller)
{
    ARENA_SCOPE(work);
    const char *keys[COUNTS];
    keys_of(work, s, kind, subject, caller, keys);
    for (int i = 0; i < COUNTS; i++)
        TRY(roster_attempt_failed(house_roster(h), keys[i], WINDOW_S));
    return NULL;
}

struct fault *attempts_forget(struct house *h, const struct space_info *s, enum attempt kind,
                              const char *subject, const struct caller *caller)
{
    ARENA_SCOPE(work);
    const char *keys[COUNTS];
    keys_of(work, s, kind, subject, caller, keys);
    return roster_attempts_forget(house_roster(h), keys[0]);
}
