/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "pages/sheet_answer.h"

#include "clock/clock.h"
#include "i18n/i18n.h"

struct fault *note_source(const struct request *r, struct sheet *sheet, const char *list)
{
    TRY(proof_check_export(r));
    const char *who = door_person_name(door_of(r));
    sheet_note(sheet, tr("List"), list);
    sheet_note(sheet, tr("Space"), space_of(r)->title);
    sheet_note(sheet, tr("Exported on"), day_in_words(r->arena, today(), false));
    sheet_note(sheet, tr("Exported by"), *who ? who : tr("a visitor"));
    return NULL;
}

struct fault *sheet_send(struct sheet *sheet, struct response *answer, enum sheet_form form, const char *name)
{
    TRY(sheet_finish(sheet));
    answer->type = sheet_type(form);
    answer->file_name = arena_print(answer->arena, "%s%s", name, sheet_suffix(form));
    answer->cache = CACHE_NEVER;
    return NULL;
}
