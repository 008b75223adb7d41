/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* checks.h - what a .def row cannot say by itself. Pure; messages in the thread's language. */
#ifndef GRAPPE_CHECKS_H
#define GRAPPE_CHECKS_H

#include "fault/fault.h"

/* Of one field's text (Luhn key for SIREN and SIRET, La Poste's exception included). */
struct fault *check_siren(const char *text) MUST_CHECK;
struct fault *check_siret(const char *text) MUST_CHECK;
struct fault *check_naf(const char *text) MUST_CHECK;
struct fault *check_url(const char *text) MUST_CHECK; /* http or https only */
struct fault *check_email(const char *text) MUST_CHECK;
struct fault *check_code(const char *text) MUST_CHECK; /* lower-case letters, digits, hyphens */

/* Across the fields of one record. */
struct fault *check_organisation(const void *record) MUST_CHECK;
struct fault *check_site(const void *record) MUST_CHECK;
struct fault *check_mandate(const void *record) MUST_CHECK;
struct fault *check_membership(const void *record) MUST_CHECK;
struct fault *check_grappe(const void *record) MUST_CHECK;
struct fault *check_grappe_membership(const void *record) MUST_CHECK;
struct fault *check_reminder_rate(const void *reminder_rate);
struct fault *check_availability(const void *record) MUST_CHECK;
struct fault *check_competitor(const void *record) MUST_CHECK;
struct fault *check_offer(const void *record) MUST_CHECK;
struct fault *check_capability(const void *record) MUST_CHECK;
struct fault *check_certificate(const void *record) MUST_CHECK;
struct fault *check_need(const void *record) MUST_CHECK;
struct fault *check_term(const void *record) MUST_CHECK;

#endif
