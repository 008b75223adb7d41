/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* library.h - what the ways of mail share of libcurl; private to mail/. */
#ifndef GRAPPE_MAIL_LIBRARY_H
#define GRAPPE_MAIL_LIBRARY_H

#include <curl/curl.h>

#include "fault/fault.h"

/* Its own state: for the whole process, once. */
struct fault *mail_library_start(void) MUST_CHECK;
/* TLS or nothing, but on this machine; patience for an answer, and for the whole, in seconds. */
void mail_library_set(CURL *, const char *url, const char *user, const char *password, long patience_s);

#endif
