#!/usr/bin/env Rscript
# Regressions over the tables that `parley export STUDY TABLES` writes; what parley itself tests stands in `parley stats`.
#
#   Rscript scripts/analysis.R TABLES --group COLUMN [--where COLUMN=VALUE]... [--action ACTION] [--without TERM]...
#
# Columns are those of choices.csv (`seat_name`, `player`, factors by their names). `--where` keeps rows: of several values of one
# column any will do. Two models, each with `group` as a factor whose first level is the base (levels in order of appearance):
#   ols    payoff of each seat of each match (its mean round), by ordinary least squares with standard errors that are robust to
#          whatever goes together in a match (sandwich's HC2 by clusters). Where a match has one row this is Welch's t; where it has
#          both seats, all but for what is corrected for few clusters, the t of `parley stats`, whose unit is the match.
#   logit  whether a choice is ACTION (the first by alphabet if left out), by a mixed logit with a random intercept for each match,
#          pairing (who plays whom) and wording (labels, story, unit, orders as they were drawn). A term that has one level, or one
#          for each row, is left out, and so are those named by `--without`; which are in is printed. lme4's Laplace approximation.
# Needs R with lme4, sandwich and lmtest. One line for each coefficient: model, name, estimate, standard error, statistic, p.

suppressPackageStartupMessages({ library(lme4); library(sandwich); library(lmtest) })

fail <- function(...) { message("analysis.R: ", ...); quit(status = 2) }
said <- commandArgs(trailingOnly = TRUE)
if (length(said) < 1) fail("which folder of tables? parley export STUDY TABLES writes one")
tables <- said[1]
all_of <- function(option) said[which(said == option) + 1]
group <- all_of("--group")
if (length(group) != 1) fail("--group COLUMN is wanted, once")

read <- function(name) {
  path <- file.path(tables, name)
  if (!file.exists(path)) fail("there is no ", path)
  read.csv(path, check.names = FALSE, colClasses = "character", na.strings = "", encoding = "UTF-8")
}
choices <- read("choices.csv")
matches <- read("matches.csv")

column <- function(name) {
  if (!name %in% names(choices)) fail("choices.csv has no column '", name, "'; it has: ", paste(names(choices), collapse = ", "))
  choices[[name]]
}
wanted <- do.call(rbind, lapply(all_of("--where"), function(w) {
  at <- regexpr("=", w)
  if (at < 2) fail("--where is COLUMN=VALUE, not '", w, "'")
  c(substr(w, 1, at - 1), substr(w, at + 1, nchar(w)))
}))
keep <- rep(TRUE, nrow(choices))
for (name in unique(wanted[, 1])) keep <- keep & column(name) %in% wanted[wanted[, 1] == name, 2]
choices$group <- column(group)
# Whole matches and finished rounds only, as everywhere.
keep <- keep & choices$match %in% matches$match[matches$status == "whole"] & !is.na(choices$group)
choices <- choices[keep, ]
if (length(unique(choices$group)) < 2) fail("nothing to compare: ", length(unique(choices$group)), " groups of ", group)
choices$group <- factor(choices$group, levels = unique(choices$group))
choices$payoff <- as.numeric(choices$payoff)

wordings <- intersect(c("cover", "unit", "labels", "setting_labels", "format", "drawn"), names(matches))
of_match <- match(choices$match, matches$match)
choices$pairing <- matches$lineup[of_match]
choices$wording <- do.call(paste, c(matches[of_match, wordings, drop = FALSE], sep = "|"))

cat("base:", group, "=", levels(choices$group)[1], "\n")
tell <- function(model, found) {
  for (i in seq_len(nrow(found))) {
    name <- sub("^group", paste0(group, "="), rownames(found)[i])
    cat(sprintf("%s  %s  %.8g  %.8g  %.8g  %.6g\n", model, name, found[i, 1], found[i, 2], found[i, 3], found[i, 4]))
  }
}

paid <- choices[!is.na(choices$payoff), ]
if (nrow(paid) > 0) {
  paid <- paid[!duplicated(paid[c("match", "seat", "round")]), ]  # a round with several decisions is paid once
  seats <- aggregate(payoff ~ group + match + seat, data = paid, FUN = mean)
  ols <- lm(payoff ~ group, data = seats)
  robust <- vcovCL(ols, cluster = seats$match, type = "HC2")
  cat(sprintf("ols: %d seats of %d matches\n", nrow(seats), length(unique(seats$match))))
  tell("ols", coeftest(ols, vcov. = robust, df = length(unique(seats$match)) - 1))
}

chosen <- choices[!is.na(choices$action), ]
action <- all_of("--action")
if (length(action) == 0) action <- sort(unique(chosen$action))[1]
if (!action %in% chosen$action) fail("nobody chose '", action, "'; chosen: ", paste(sort(unique(chosen$action)), collapse = ", "))
chosen$is <- as.integer(chosen$action == action)
levels_of <- function(term) length(unique(chosen[[term]]))
terms <- setdiff(c("match", "pairing", "wording"), all_of("--without"))
terms <- Filter(function(term) levels_of(term) > 1 && levels_of(term) < nrow(chosen), terms)
cat(sprintf("logit: %d choices, of which %d are %s; random intercepts: %s\n", nrow(chosen), sum(chosen$is), action,
  if (length(terms)) paste0(terms, " (", vapply(terms, levels_of, 1L), ")", collapse = ", ") else "none"))
logit <- if (length(terms) == 0) glm(is ~ group, family = binomial, data = chosen) else
  suppressMessages(glmer(reformulate(c("group", sprintf("(1 | %s)", terms)), "is"), family = binomial, data = chosen,
    control = glmerControl(optimizer = "bobyqa")))
tell("logit", coef(summary(logit)))
if (length(terms) > 0) for (term in terms) cat(sprintf("sd  %s  %.6g\n", term, attr(VarCorr(logit)[[term]], "stddev")))
