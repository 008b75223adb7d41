/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* letter_fuzz.c - anybody may send any letter: it is read or refused, and what is kept of it is UTF-8. */
#include <stdint.h>
#include <stdlib.h>

#include "arena/arena.h"
#include "mail/message.h"
#include "text/fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require_text(const char *kept)
{
    if (kept && !utf8_valid(slice_of(kept)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_SCOPE(a);
    struct mail_message m;
    if (mail_message_read(a, (struct slice){(const char *)data, size}, "mx.example", &m))
        return 0;
    const char *const kept[] = {m.id, m.from, m.subject, m.text, m.status, m.failed_for[0], m.failed_for[1]};
    for (size_t i = 0; i < COUNT(kept); i++)
        require_text(kept[i]);
    return 0;
}
