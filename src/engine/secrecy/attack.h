/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* attack.h - between which bounds a hidden cell must lie, for somebody who knows what is published.
 *
 * Values are read of cells that are not hidden, or that the attacker is told, and of no others. The attacker
 * knows all equations and that every value lies between 0 and three times the largest value published; where
 * a cell that is part of no other is hidden, there is no such largest. One linear programme (GLPK's), asked
 * again and again. */
#ifndef GRAPPE_SECRECY_ATTACK_H
#define GRAPPE_SECRECY_ATTACK_H

#include "fault/fault.h"
#include "secrecy/model.h"

struct attacker;

/* The model and hidden[] are kept by the caller. `integers`: the attacker knows that values are counts. */
struct attacker *attacker_new(struct arena *, const struct secrecy_model *, const bool *hidden,
                              bool integers);
/* The value of a hidden cell becomes known, or is forgotten again. */
void attacker_learn(struct attacker *, int32_t cell, double value);
void attacker_forget(struct attacker *, int32_t cell);
/* *low and *high; high is INFINITY without a bound. INVALID when no values at all fit what is known: what is
 * published contradicts itself. */
struct fault *attacker_bounds(struct attacker *, int32_t cell, double *low, double *high) MUST_CHECK;

#endif
