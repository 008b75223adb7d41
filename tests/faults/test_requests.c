/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* While a request is answered the disk fails at any call, is full, or memory is refused: the answer is whole
 * or a clean refusal, the change is whole or not there, the next request is served, the space stays sound.
 * And the proof that a server which lies, does half, is silent or sends people away would be found out.
 *
 * At most 8 places a request and way of failing; with FAULTS=full all of them. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "door/internal.h"
#include "faults/disk.h"
#include "faults/requests.h"
#include "log/log.h"
#include "verify/verify.h"

static void disk_begin(int64_t nth, int how)
{
    disk_fail(nth, (enum disk_failure)how);
}
static const struct failing failing_disk = {disk_begin, disk_heal, DISK_FAILURES};

/* Memory: the nth time that an arena of this thread asks for another block. */
static _Thread_local int64_t growths_left;
static _Thread_local bool refusing, refused;

bool arena_may_grow(void)
{
    bool refuse = refusing && growths_left-- == 1;
    refused |= refuse;
    return !refuse;
}

static void memory_begin(int64_t nth, int how)
{
    (void)how;
    growths_left = nth;
    refusing = true;
    refused = false;
}

static bool memory_end(void)
{
    refusing = false;
    return refused;
}
static const struct failing failing_memory = {memory_begin, memory_end, 1};

static int places(void)
{
    const char *how = getenv("FAULTS");
    return how && strcmp(how, "full") == 0 ? 1000000 : 8;
}

static void space_is_sound(struct stage *s)
{
    ARENA_SCOPE(a);
    struct connection *c = NULL;
    struct verification v;
    assert_ok(read_begin(space_db(house_at(s->house, 0)->space), a, &c));
    assert_ok(space_verify(c, a, &v));
}

static void try_all(struct stage *s, const struct failing *f, const char *what)
{
    struct judgement all = {0};
    for (size_t i = 0; i < deed_count; i++)
        deed_try(s, &deeds[i], f, places(), NO_WEAKNESS, &all);
    print_message("# %s: %zu requests, asked %d times, %d refused\n", what, deed_count, all.asked,
                  all.refused);
    for (int i = 0; i < FINDINGS; i++)
        if (all.found[i])
            fail_msg("%s: %d answers: %s", what, all.found[i], finding_names[i]);
    assert_true(all.refused > (int)deed_count); /* it did fail */
    space_is_sound(s);
}

static void any_call_to_the_disk_may_fail(void **state)
{
    try_all(*state, &failing_disk, "disk");
}

static void any_growth_of_memory_may_be_refused(void **state)
{
    try_all(*state, &failing_memory, "memory");
}

static void a_weak_server_is_found_out(void **state)
{
    static const enum finding expected[WEAKNESSES] = {[LIES] = FINDING_LOST,
                                                      [LEAVES_HALF] = FINDING_HALF,
                                                      [LOSES_THE_WORD] = FINDING_WORDS,
                                                      [SENDS_AWAY] = FINDING_STATUS};
    const struct deed *create = NULL;
    for (size_t i = 0; i < deed_count; i++)
        if (deeds[i].status == 201)
            create = &deeds[i];
    for (int w = NO_WEAKNESS + 1; w < WEAKNESSES; w++) {
        struct judgement j = {0};
        deed_try(*state, create, &failing_disk, 6, (enum weakness)w, &j);
        assert_true(j.found[expected[w]] > 0);
    }
    space_is_sound(*state);
}

static int set_up(void **state)
{
    *state = stage_set();
    return 0;
}

static int tear_down(void **state)
{
    stage_clear(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_call_to_the_disk_may_fail),
        cmocka_unit_test(any_growth_of_memory_may_be_refused),
        cmocka_unit_test(a_weak_server_is_found_out),
    };
    disk_install();
    log_quieter_than((enum log_level)(LOG_ERROR + 1)); /* faults are what this is about */
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
