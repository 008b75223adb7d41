/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdio.h>

#include "mail/post.h"
#include "mail/smtp.h"

static void carry(void *by, const struct outgoing *o, struct carried *c)
{
    static const enum outcome outcomes[] = {[SMTP_TAKEN] = OUTCOME_SENT,
                                            [SMTP_LATER] = OUTCOME_LATER,
                                            [SMTP_ADDRESS] = OUTCOME_NO_ADDRESS,
                                            [SMTP_NEVER] = OUTCOME_NEVER};
    struct smtp_answer answer;
    smtp_send(by,
              &(struct smtp_letter){.to = o->to,
                                    .subject = o->subject,
                                    .text = o->text,
                                    .html = o->html,
                                    .unsubscribe = o->unsubscribe,
                                    .mark = o->mark,
                                    .sign = o->sign,
                                    .made_us = o->made_us,
                                    .go_on = o->go_on,
                                    .owner = o->owner},
              &answer);
    c->outcome = outcomes[answer.end];
    (void)snprintf(c->answer, sizeof c->answer, "%s", answer.text);
}

static void rest(void *by)
{
    smtp_rest(by);
}

static void end(void *by)
{
    smtp_close(by);
}

struct fault *post_by_smtp(struct post *p, const struct smtp_settings *settings)
{
    struct smtp *by = NULL;
    TRY(smtp_open(settings, &by));
    post_by(p, &(struct carrier){.carry = carry, .rest = rest, .end = end, .owner = by});
    return NULL;
}
