/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_ACCOUNT_VIEW_H
#define GRAPPE_ACCOUNT_VIEW_H

#include "pages/sign_in_view.h"

struct mandate_line {
    const char *organisation, *href, *title, *until; /* title, until: "" when unknown */
};

struct device_line {
    const char *device, *network, *way, *seen, *since, *end_href;
    bool here; /* this very one */
};

struct account_view {
    struct frame frame;
    const char *name, *email, *roles;
    const struct mandate_line *mandates;
    size_t mandate_count;
    bool has_password, asks_current;
    const char *password_error, *current_error;
    const char *step_since; /* NULL: the second step is off */
    int64_t step_codes;
    const struct device_line *devices;
    size_t device_count, token_count;
    bool keeps_rule; /* who may say for whom the second step is required */
    int rule;        /* row of step_rules */
    int digest;      /* row of digest_rates */
};

/* For whom a space requires the second step: code, label, roles. */
struct step_rule {
    const char *code, *label;
    int roles;
};
enum { STEP_RULES = 3 };
extern const struct step_rule step_rules[STEP_RULES];

/* The second step: to be begun, being set up (setup), or on (since). */
struct step_view {
    struct frame frame;
    const char *error, *since;
    int64_t codes;
    const struct step_setup *setup;
    struct markup qr;
    bool required;
};

#endif
