package io.quorate.architecture;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import javax.lang.model.element.Modifier;

/**
 * The rules of the house that the source shows. Each takes files and returns a sentence for each
 * place that breaks it, which begins with the place and ends with what to do instead.
 */
final class HouseRules {
  private static final int METHOD_LINES_MAX = 60;
  private static final int FILE_LINES_MAX = 500;
  private static final int PACKAGE_FILES_MAX = 20;

  /** The rules that hold for production code and for tests. */
  static final Map<String, Function<List<JavaSource>, List<String>>> EVERYWHERE =
      new TreeMap<>(
          Map.of(
              "methods fit on a screen", HouseRules::longMethods,
              "variables are named for what they are", HouseRules::namelessVariables,
              "validators say what they do", HouseRules::misnamedValidators));

  /** The rules that hold for production code alone. */
  static final Map<String, Function<List<JavaSource>, List<String>>> IN_PRODUCTION =
      new TreeMap<>(
          Map.of(
              "packages are rooms that one can look over", HouseRules::crowdedPackages,
              "a name means one thing", HouseRules::ambiguousNames,
              "files hold one idea", HouseRules::longFiles,
              "packages say what they are", HouseRules::silentPackages,
              "public types are documented", HouseRules::undocumentedTypes));

  private HouseRules() {}

  private static List<String> longMethods(List<JavaSource> sources) {
    List<String> found = new ArrayList<>();
    for (JavaSource source : sources) {
      new TreePathScanner<Void, Void>() {
        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
          addIfLong(method, method.getName().toString());
          return super.visitMethod(method, nothing);
        }

        @Override
        public Void visitBlock(BlockTree block, Void nothing) {
          if (getCurrentPath().getParentPath().getLeaf() instanceof ClassTree) {
            addIfLong(block, "an initializer");
          }
          return super.visitBlock(block, nothing);
        }

        private void addIfLong(Tree tree, String name) {
          long lines = source.lastLine(tree) - source.firstLine(tree) + 1;
          if (lines > METHOD_LINES_MAX) {
            found.add(
                "%s %s has %d lines: keep the branches here and give the leaves methods of their own"
                    .formatted(source.place(tree), name, lines));
          }
        }
      }.scan(source.unit(), null);
    }
    return found;
  }

  private static List<String> longFiles(List<JavaSource> sources) {
    List<String> found = new ArrayList<>();
    for (JavaSource source : sources) {
      long lines = source.text().lines().count();
      if (lines > FILE_LINES_MAX) {
        found.add(
            "%s has %d lines: find the second idea in it and give it a file"
                .formatted(source.file(), lines));
      }
    }
    return found;
  }

  private static List<String> crowdedPackages(List<JavaSource> sources) {
    Map<String, Integer> files = new TreeMap<>();
    for (JavaSource source : sources) {
      if (!source.fileName().equals("package-info.java")) {
        files.merge(source.packageName(), 1, Integer::sum);
      }
    }
    List<String> found = new ArrayList<>();
    files.forEach(
        (name, count) -> {
          if (count > PACKAGE_FILES_MAX) {
            found.add("%s has %d files: give it rooms within".formatted(name, count));
          }
        });
    return found;
  }

  private static List<String> ambiguousNames(List<JavaSource> sources) {
    Map<String, List<String>> places = new TreeMap<>();
    for (JavaSource source : sources) {
      for (Tree type : source.unit().getTypeDecls()) {
        if (type instanceof ClassTree declared) {
          places
              .computeIfAbsent(declared.getSimpleName().toString(), name -> new ArrayList<>())
              .add(source.file());
        }
      }
    }
    List<String> found = new ArrayList<>();
    places.forEach(
        (name, files) -> {
          if (files.size() > 1) {
            found.add(
                "%s: the name %s is used twice: give each its own word"
                    .formatted(String.join(" and ", files), name));
          }
        });
    return found;
  }

  private static List<String> silentPackages(List<JavaSource> sources) {
    Map<String, Boolean> documented = new LinkedHashMap<>();
    for (JavaSource source : sources) {
      boolean says = source.fileName().equals("package-info.java");
      documented.merge(source.packageName(), says, Boolean::logicalOr);
    }
    List<String> found = new ArrayList<>();
    documented.forEach(
        (name, says) -> {
          if (!says) {
            found.add(
                name
                    + " has no package-info.java: say its purpose, who may call it, its threading"
                    + " and what it must never do");
          }
        });
    return found;
  }

  private static List<String> namelessVariables(List<JavaSource> sources) {
    List<String> found = new ArrayList<>();
    for (JavaSource source : sources) {
      new TreePathScanner<Void, Void>() {
        @Override
        public Void visitVariable(VariableTree variable, Void nothing) {
          if (variable.getName().contentEquals("each")) {
            found.add(
                source.place(variable) + " is named each: name it for what it is, such as offer");
          }
          return super.visitVariable(variable, nothing);
        }
      }.scan(source.unit(), null);
    }
    return found;
  }

  private static List<String> misnamedValidators(List<JavaSource> sources) {
    List<String> found = new ArrayList<>();
    for (JavaSource source : sources) {
      new TreePathScanner<Void, Void>() {
        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
          String name = method.getName().toString();
          if (name.matches("wrong([A-Z].*)?")) {
            found.add("%s %s: name it validate…".formatted(source.place(method), name));
          }
          return super.visitMethod(method, nothing);
        }
      }.scan(source.unit(), null);
    }
    return found;
  }

  private static List<String> undocumentedTypes(List<JavaSource> sources) {
    List<String> found = new ArrayList<>();
    for (JavaSource source : sources) {
      new TreePathScanner<Void, Void>() {
        @Override
        public Void visitClass(ClassTree type, Void nothing) {
          if (isPublic(type) && !hasSentence(source, getCurrentPath())) {
            found.add(
                "%s %s: say in a sentence that ends in a full stop what it is"
                    .formatted(source.place(type), type.getSimpleName()));
          }
          return super.visitClass(type, nothing);
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
          return null; // Types within methods are nobody else's.
        }
      }.scan(source.unit(), null);
    }
    return found;
  }

  private static boolean isPublic(ClassTree type) {
    return type.getModifiers().getFlags().contains(Modifier.PUBLIC);
  }

  private static boolean hasSentence(JavaSource source, TreePath path) {
    DocCommentTree comment = source.docs().getDocCommentTree(path);
    if (comment == null) {
      return false;
    }
    StringBuilder first = new StringBuilder();
    comment.getFirstSentence().forEach(first::append);
    return first.toString().strip().matches("(?s).*[.:]");
  }
}
