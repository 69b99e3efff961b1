# Cluster-robust errors of a comparison of groups with few, uneven families.
# Run: Rscript tests/reference/groups.R  (writes groups/data.csv, groups/expected.csv, groups/versions.txt)
suppressPackageStartupMessages(library(clubSandwich))
set.seed(20)
sizes <- c(5, 1, 3, 4, 2, 2, 6, 1, 3, 4, 2, 2)
family <- rep(sprintf("f%02d", seq_along(sizes)), sizes)
n <- length(family)
lsize <- round(runif(n, 0, 2), 3)
training <- sample(c("pretrained", "instruct", "aligned"), n, TRUE, c(.3, .4, .3))
data <- ifelse(family %in% c("f01", "f04", "f08", "f11"), "code", "web")
y <- .5 * lsize + .6 * (training == "aligned") + rnorm(length(sizes))[match(family, unique(family))] * .5 + rnorm(n) * .4
d <- data.frame(family, size = round(10^lsize, 4), training, data, y = round(y, 4))
d$lsize <- log10(d$size)
d$training <- factor(d$training, c("instruct", "aligned", "pretrained"))
d$data <- factor(d$data, c("web", "code"))
out <- NULL
add <- function(model, fit, dd) {
  t <- coef_test(fit, vcov = "CR2", cluster = dd$family, test = "Satterthwaite")
  ci <- conf_int(fit, vcov = "CR2", cluster = dd$family, test = "Satterthwaite")
  out <<- rbind(out, data.frame(model, term = rownames(t), estimate = t$beta, se = t$SE, df = t$df_Satt,
    p = t$p_Satt, lower = ci$CI_L, upper = ci$CI_U))
}
full <- lm(y ~ lsize + training + data, d); add("adjusted", full, d)
add("size", lm(y ~ lsize, d), d)
two <- subset(d, training != "pretrained"); two$training <- droplevels(two$training)
add("aligned", lm(y ~ training, two), two)
add("code", lm(y ~ data, d), d)
dir.create("tests/reference/groups", showWarnings = FALSE)
write.csv(d[, c("family", "size", "training", "data", "y")], "tests/reference/groups/data.csv", row.names = FALSE)
out[, -(1:2)] <- format(out[, -(1:2)], digits = 15)
write.csv(out, "tests/reference/groups/expected.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("clubSandwich", packageVersion("clubSandwich"))),
  "tests/reference/groups/versions.txt")
