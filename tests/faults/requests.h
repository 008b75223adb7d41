/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* requests.h - twenty-two requests as people and programs make them, asked of a whole server in the calling
 * thread while something fails below, and judged: a clean refusal in the language of who asks or the whole
 * answer, all of a change or nothing, and the next one served. */
#ifndef GRAPPE_TEST_REQUESTS_H
#define GRAPPE_TEST_REQUESTS_H

#include "http/exchange.h"
#include "pages/server.h"

enum asker { VISITOR, MEMBER, FACILITATOR, ASKERS };

/* A change is preceded by others that make what it changes: their answers tell its ${id}. */
struct deed {
    const char *method, *target, *body; /* body: a form, or JSON where the target is the API's; NULL: none */
    enum asker asker;
    int status; /* when nothing fails */
    const struct deed *before;
};
extern const struct deed deeds[];
extern const size_t deed_count;

struct stage {
    struct arena *arena;
    char folder[64];
    struct house *house;
    struct server *server;
    const char *session[ASKERS], *token[ASKERS], *csrf[ASKERS];
    const char *firm, *need;
    int64_t now_us;
    int turns;
    char turn[16];
};

struct stage *stage_set(void); /* the demo's first space, served; the clock stands still */
void stage_clear(struct stage *);

/* What went wrong in the answers, by kind. */
enum finding {
    FINDING_STATUS,  /* neither what it should be nor a 5xx */
    FINDING_WORDS,   /* a refusal without a page or problem in the asker's language */
    FINDING_LOST,    /* said to be done, and is not */
    FINDING_HALF,    /* some of it is done */
    FINDING_UNTOLD,  /* said to have failed, and is done */
    FINDING_CONTENT, /* a page that is not whole, said to be good */
    FINDING_NEXT,    /* the next request is not served */
    FINDINGS
};
extern const char *const finding_names[FINDINGS];

/* Something fails from fail_begin(how, nth) until fail_end(), which says whether it did. */
struct failing {
    void (*begin)(int64_t nth, int how);
    bool (*end)(void);
    int ways; /* how: 0 .. ways - 1 */
};

/* A server that is weak on purpose. */
enum weakness { NO_WEAKNESS, LIES, LEAVES_HALF, LOSES_THE_WORD, SENDS_AWAY, WEAKNESSES };

struct judgement {
    int asked, refused;
    int found[FINDINGS];
};

/* Asks the deed again and again, with the nth call failing for all n, at most `most` of them evenly spread.
 */
void deed_try(struct stage *, const struct deed *, const struct failing *, int most, enum weakness,
              struct judgement *);

#endif
