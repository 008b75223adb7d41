/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_TOKEN_VIEW_H
#define GRAPPE_TOKEN_VIEW_H

#include "accounts/api_tokens.h"
#include "pages/frame.h"

struct token_line {
    const char *name, *prefix, *scopes, *made, *seen, *revoke_href;
};

struct tokens_view {
    struct frame frame;
    const struct token_line *lines;
    size_t count;
    const char *fresh; /* the token just made, shown this once; NULL */
    /* What was typed, and what is wrong with it. */
    const char *name, *name_error, *scopes_error, *error;
    int scopes;
};

#endif
