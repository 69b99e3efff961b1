# Expected numbers for tests/psychometrics/test_parity.py, from R.
#
#   Rscript tests/reference/psychometrics.R tests/reference/psychometrics
#
# Every line of expected.txt is: data set | case | quantity | values by column, 12 digits.
# psych's own optimiser stops early (its minres objective and gradient differ, optim's factr is
# 1e7), so each case is given twice: as psych ships it (case "psych:..."), and from the same
# functions driven to convergence ("tight:..."): optim with the exact gradient and factr = 10,
# factanal with factr = 10, varimax with eps = 1e-15, oblimin with eps = 1e-11.
suppressMessages({library(psych); library(GPArotation)})
options(warn = 1)
here <- commandArgs(trailingOnly = TRUE)[1]
out <- file(file.path(here, "expected.txt"), "w")
put <- function(set, case, what, x)
  cat(set, case, what, paste(sprintf("%.12g", as.numeric(x)), collapse = " "),
      sep = "|", file = out, fill = FALSE, append = TRUE)
line <- function(...) { put(...); cat("\n", file = out, append = TRUE) }
factors <- c(clean = 3, near_singular = 2, heywood = 3, binary_sparse = 3, oblique = 3, small_n = 2)

# minres driven to convergence: unweighted least squares over the uniquenesses
tight_minres <- function(S, k, start) {
  p <- nrow(S)
  f <- function(psi) {
    e <- eigen(S - diag(psi), symmetric = TRUE, only.values = TRUE)$values
    e[1:k] <- pmin(e[1:k], 0); sum(e^2) / 2 }
  g <- function(psi) {
    E <- eigen(S - diag(psi), symmetric = TRUE)
    v <- pmax(E$values[1:k], 0)
    -(diag(S) - psi - drop(E$vectors[, 1:k, drop = FALSE]^2 %*% v)) }
  best <- NULL
  for (i in 1:4) {
    r <- optim(if (is.null(best)) start else best$par, f, g, method = "L-BFGS-B", lower = .005,
               upper = 1, control = list(factr = 10, pgtol = 0, maxit = 20000, lmm = 20))
    best <- r }
  E <- eigen(S - diag(best$par), symmetric = TRUE)
  E$vectors[, 1:k, drop = FALSE] %*% diag(sqrt(pmax(E$values[1:k], 0)), k) }

tight_ml <- function(S, k, n) {
  f <- factanal(covmat = S, factors = k, n.obs = n, rotation = "none",
                control = list(nstart = 3, opt = list(factr = 10, pgtol = 0, maxit = 20000)))
  unclass(f$loadings)[, , drop = FALSE] }

arranged <- function(L, Phi) {
  s <- ifelse(colSums(L) < 0, -1, 1)
  L <- L %*% diag(s, length(s)); Phi <- diag(s, length(s)) %*% Phi %*% diag(s, length(s))
  o <- order(diag(Phi %*% t(L) %*% L), decreasing = TRUE)
  list(L = L[, o, drop = FALSE], Phi = Phi[o, o, drop = FALSE]) }

turn <- function(A, how) {
  k <- ncol(A)
  if (how == "none") return(arranged(A, diag(k)))
  if (how == "varimax") {
    v <- stats::varimax(A, eps = 1e-15); return(arranged(unclass(v$loadings)[, , drop = FALSE], diag(k))) }
  if (how == "oblimin") {
    o <- suppressWarnings(GPArotation::oblimin(A, eps = 1e-11, maxit = 3000))
    return(arranged(o$loadings, o$Phi)) }
  v <- A
  h <- sqrt(rowSums(A^2))
  for (i in 1:3) v <- h * unclass(stats::varimax(v / h, eps = 1e-15)$loadings)[, , drop = FALSE]
  pr <- kaiser(v, rotate = "Promax")
  arranged(unclass(pr$loadings)[, , drop = FALSE], pr$Phi) }

for (set in names(factors)) {
  X <- as.matrix(read.csv(file.path(here, paste0(set, ".csv"))))
  n <- nrow(X); p <- ncol(X); k <- factors[[set]]
  R <- cor(X)
  line(set, "data", "R", R)
  km <- KMO(R); line(set, "kmo", "overall", km$MSA); line(set, "kmo", "each", km$MSAi)
  b <- cortest.bartlett(R, n); line(set, "bartlett", "test", c(b$chisq, b$df, b$p.value))
  m <- suppressWarnings(vss(R, n = 6, n.obs = n, plot = FALSE, rotate = "none")); line(set, "map", "squared", m$map)
  for (fm in c("minres", "ml", "pca")) {
    A <- switch(fm,
      minres = tight_minres(R, k, 1 / diag(solve(R))),
      ml = tight_ml(R, k, n),
      pca = unclass(principal(R, k, rotate = "none")$loadings)[, , drop = FALSE])
    A <- A %*% diag(ifelse(colSums(A) < 0, -1, 1), k)
    for (how in c("none", "varimax", "oblimin", "promax")) {
      s <- turn(A, how); case <- paste("tight", fm, how, sep = ":")
      line(set, case, "loadings", s$L); line(set, case, "phi", s$Phi)
      st <- suppressMessages(suppressWarnings(fa.stats(R, s$L, s$Phi, n.obs = n, alpha = .1)))
      line(set, case, "fit", c(st$rms, st$STATISTIC, st$dof, st$PVAL, st$RMSEA[1:3], st$TLI))
      if (fm == "minres" && how == "oblimin") for (sc in c("Thurstone", "tenBerge")) {
        w <- factor.scores(R, s$L, s$Phi, method = sc)
        line(set, case, sc, w$weights) }
      if (fm != "pca") {
        q <- suppressMessages(suppressWarnings(fa(R, k, n.obs = n, fm = fm, rotate = how)))
        Phi <- if (is.null(q$Phi)) diag(k) else q$Phi
        a <- arranged(unclass(q$loadings)[, , drop = FALSE], Phi)
        case <- paste("psych", fm, how, sep = ":")
        line(set, case, "loadings", a$L); line(set, case, "phi", a$Phi)
        line(set, case, "fit", c(q$rms, q$STATISTIC, q$dof, q$PVAL, q$RMSEA[1:3], q$TLI)) } } }
  al <- suppressWarnings(suppressMessages(alpha(X, warnings = FALSE)))
  ci <- alpha.ci(al$total$raw_alpha, n, p, digits = 15)
  line(set, "alpha", "raw,standardised,lower,upper",
       c(al$total$raw_alpha, al$total$std.alpha, ci$lower.ci, ci$upper.ci))
  ic <- tryCatch(ICC(X[1:25, 1:4], lmer = FALSE)$results, error = function(e) NULL)
  if (is.null(ic)) {  # psych's aov branch expects names of its own: the same formulas on aov's table
    d <- data.frame(y = as.vector(X[1:25, 1:4]), s = factor(rep(1:25, 4)), j = factor(rep(1:4, each = 25)))
    line(set, "icc", "ms", summary(aov(y ~ s + j, d))[[1]][["Mean Sq"]])
  } else line(set, "icc", "icc,lower,upper", as.matrix(ic[, c("ICC", "lower bound", "upper bound")]))
  if (k >= 3) {
    om <- suppressMessages(suppressWarnings(omega(R, k, plot = FALSE, n.obs = n)))
    line(set, "omega", "hierarchical,total", c(om$omega_h, om$omega.tot))
    line(set, "omega", "general", om$schmid$sl[, 1]) }
  L1 <- turn(tight_minres(R, k, 1 / diag(solve(R))), "varimax")$L
  L2 <- unclass(principal(R, k, rotate = "none")$loadings)[, , drop = FALSE]
  line(set, "congruence", "phi", factor.congruence(L1, L2, digits = 15))
}
# a matrix that is not positive definite, smoothed
B <- matrix(c(1, .9, .2, .9, 1, .9, .2, .9, 1), 3)
line("closed", "smooth", "R", suppressWarnings(cor.smooth(B)))
# parallel analysis on shuffled columns: its own random numbers, so means with their spread
set.seed(11)
for (set in c("clean", "binary_sparse")) {
  X <- as.matrix(read.csv(file.path(here, paste0(set, ".csv"))))
  ev <- replicate(2000, eigen(cor(apply(X, 2, sample)), only.values = TRUE)$values)
  line(set, "parallel", "mean", rowMeans(ev)); line(set, "parallel", "sd", apply(ev, 1, sd))
  line(set, "parallel", "p95", apply(ev, 1, quantile, .95))
  fp <- suppressMessages(suppressWarnings({ sink(nullfile()); z <- fa.parallel(X, fa = "pc", sim = FALSE,
     n.iter = 400, plot = FALSE, quant = .95); sink(); z }))
  line(set, "parallel", "ncomp", fp$ncomp)
}
close(out)
writeLines(c(R.version.string, paste("psych", packageVersion("psych")),
             paste("GPArotation", packageVersion("GPArotation"))), file.path(here, "versions.txt"))
