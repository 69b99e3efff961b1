# Expected numbers for tests/psychometrics/test_choices.py: binomial regressions with an offset.
# Run: Rscript tests/reference/choices.R > tests/reference/choices.json   (R 4.2.2, base only)
taken  <- c(3, 1, 0, 4, 2, 2, 5, 1, 3, 0, 4, 2)
asked  <- c(4, 4, 3, 5, 4, 4, 5, 4, 5, 2, 6, 4)
place  <- rep(c(1, -1), 6)
x      <- c(.9, -.4, -1.1, .8, .1, .3, 1.6, -.7, .2, -1.5, .6, -.1)
offset <- c(.2, .2, -.4, -.4, 0, 0, .7, .7, -.1, -.1, .3, .3)
fit <- glm(cbind(taken, asked - taken) ~ 0 + place + x + offset(offset), family = binomial,
           control = glm.control(epsilon = 1e-14, maxit = 100))
plain <- glm(cbind(taken, asked - taken) ~ place + x, family = binomial,
             control = glm.control(epsilon = 1e-14, maxit = 100))
ci <- prop.test(21, 40, correct = FALSE)$conf.int
show <- function(v) paste(format(v, digits = 15, trim = TRUE), collapse = ", ")
cat("{\n")
cat('  "R": "', R.version.string, '",\n', sep = "")
cat('  "offset": [', show(coef(fit)), "],\n", sep = "")
cat('  "plain": [', show(coef(plain)), "],\n", sep = "")
cat('  "wilson": [', show(ci), "]\n}\n", sep = "")
